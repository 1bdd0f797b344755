#pragma once

#include "chat/gate.h"
#include "chat/live/activity.h"
#include "web/controller.h"

namespace atrium::chat {

/// What goes on in a workspace.
class ActivityRoutes final : public web::Controller<ActivityRoutes, Gate> {
 public:
  static constexpr auto routes() {
    return std::tuple{stream<"/workspaces/:workspaceId/activity/live", &ActivityRoutes::live>.with(
        {.summary = "What goes on in the channels that I see, from Last-Event-ID on"})};
  }

  ActivityRoutes(const Gate& gate, Activity& activity) : Controller(gate), activity_(activity) {}

 private:
  Task<void> live(const storage::Workspace& workspace, const storage::User& user, const web::Context& context,
                  std::unique_ptr<web::SseStream> reader) {
    const std::string last_id(context.request().header("last-event-id").value_or(""));
    return activity_.watch(workspace.id, user.id, std::move(reader), last_id);
  }

  Activity& activity_;
};

}  // namespace atrium::chat
