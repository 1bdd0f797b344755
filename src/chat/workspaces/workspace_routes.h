#pragma once

#include "chat/gate.h"
#include "chat/http_shapes.h"
#include "web/controller.h"

namespace atrium::chat {

/// Workspaces, and who is in them.
class WorkspaceRoutes final : public web::Controller<WorkspaceRoutes, Gate> {
 public:
  static constexpr auto routes() {
    return std::tuple{
        get<"/workspaces", &WorkspaceRoutes::list>.with({.summary = "My workspaces"}),
        get<"/workspaces/:workspaceId/members", &WorkspaceRoutes::members>.with({.summary = "Who is in a workspace"}),
    };
  }

  WorkspaceRoutes(const Gate& gate, storage::Database& database) : Controller(gate), database_(database) {}

 private:
  Task<web::Ok<std::vector<shapes::Workspace>>> list(const storage::User& user);
  Task<web::Ok<std::vector<shapes::Member>>> members(const storage::Workspace& workspace);

  storage::Database& database_;
};

}  // namespace atrium::chat
