#pragma once

#include "chat/gate.h"
#include "chat/live/stats.h"
#include "web/controller.h"

namespace atrium::chat {

/// Live figures of a workspace.
class StatsRoutes final : public web::Controller<StatsRoutes, Gate> {
 public:
  static constexpr auto routes() {
    return std::tuple{
        stream<"/workspaces/:workspaceId/stats/live", &StatsRoutes::live>.with({.summary = "Live figures of a workspace"})};
  }

  StatsRoutes(const Gate& gate, Stats& stats) : Controller(gate), stats_(stats) {}

 private:
  Task<void> live(const storage::Workspace& workspace, const storage::User& user, std::unique_ptr<web::SseStream> viewer) {
    return stats_.watch(workspace.id, user.id, std::move(viewer));
  }

  Stats& stats_;
};

}  // namespace atrium::chat
