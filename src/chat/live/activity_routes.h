#pragma once

#include "chat/gate.h"
#include "chat/live/activity.h"
#include "chat/live/viewer_check.h"
#include "web/controller.h"

namespace atrium::chat {

/// What goes on in a workspace.
class ActivityRoutes final : public web::Controller<ActivityRoutes, Gate> {
 public:
  static constexpr auto routes() {
    return std::tuple{stream<"/workspaces/:workspaceId/activity/live", &ActivityRoutes::live>.with(
        {.summary = "What goes on in the channels that I see, from Last-Event-ID on"})};
  }

  ActivityRoutes(const Gate& gate, Activity& activity, const ViewerCheck& check)
      : Controller(gate), activity_(activity), check_(check) {}

 private:
  Task<void> live(const storage::Workspace& workspace, const Bearer& bearer, const web::Context& context,
                  std::unique_ptr<web::SseStream> reader) {
    const std::string last_id(context.request().header("last-event-id").value_or(""));
    Viewer viewer{.feed = Feed::activity,
                  .workspace = workspace.id,
                  .user = bearer.user.id,
                  .session = storage::SessionId(bearer.claims.session),
                  .stream = std::move(reader)};
    co_await activity_.watch(std::move(viewer), last_id);
    co_await check_.look_again(bearer.claims, workspace.id);
  }

  Activity& activity_;
  const ViewerCheck& check_;
};

}  // namespace atrium::chat
