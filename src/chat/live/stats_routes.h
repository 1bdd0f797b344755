#pragma once

#include "chat/gate.h"
#include "chat/live/stats.h"
#include "chat/live/viewer_check.h"
#include "web/controller.h"

namespace atrium::chat {

/// Live figures of a workspace.
class StatsRoutes final : public web::Controller<StatsRoutes, Gate> {
 public:
  static constexpr auto routes() {
    return std::tuple{
        stream<"/workspaces/:workspaceId/stats/live", &StatsRoutes::live>.with({.summary = "Live figures of a workspace"})};
  }

  StatsRoutes(const Gate& gate, Stats& stats, const ViewerCheck& check) : Controller(gate), stats_(stats), check_(check) {}

 private:
  Task<void> live(const storage::Workspace& workspace, const Bearer& bearer, std::unique_ptr<web::SseStream> reader) {
    Viewer viewer{.feed = Feed::stats,
                  .workspace = workspace.id,
                  .user = bearer.user.id,
                  .session = storage::SessionId(bearer.claims.session),
                  .stream = std::move(reader)};
    co_await stats_.watch(std::move(viewer));
    co_await check_.look_again(bearer.claims, workspace.id);
  }

  Stats& stats_;
  const ViewerCheck& check_;
};

}  // namespace atrium::chat
