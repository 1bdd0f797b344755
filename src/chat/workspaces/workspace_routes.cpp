#include "chat/workspaces/workspace_routes.h"

namespace atrium::chat {

Task<web::Ok<std::vector<shapes::Workspace>>> WorkspaceRoutes::list(const storage::User& user) {
  const auto workspaces = co_await database_.workspaces().of_user(user.id);
  co_return web::ok(to_shapes(workspaces));
}

Task<web::Ok<std::vector<shapes::Member>>> WorkspaceRoutes::members(const storage::Workspace& workspace) {
  const auto members = co_await database_.workspaces().members(workspace.id);
  co_return web::ok(to_shapes(members));
}

}  // namespace atrium::chat
