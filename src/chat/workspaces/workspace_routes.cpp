#include "chat/workspaces/workspace_routes.h"

namespace atrium::chat {

Task<web::Ok<std::vector<shapes::Workspace>>> WorkspaceRoutes::list(const storage::User& user) {
  const auto workspaces = co_await database_.workspaces().of_user(user.id);
  co_return web::ok(to_shapes(workspaces));
}

Task<web::Ok<std::vector<shapes::Member>>> WorkspaceRoutes::members(const storage::Workspace& workspace) {
  storage::ListQuery all{.limit = 100};
  const auto members = co_await database_.workspaces().list_members(workspace.id, std::move(all));
  co_return web::ok(to_shapes(members.records));
}

Task<web::Ok<std::vector<events::Online>>> WorkspaceRoutes::online(const storage::Workspace& workspace) {
  auto online = co_await presence_.online_in(workspace.id);
  co_return web::ok(std::move(online));
}

}  // namespace atrium::chat
