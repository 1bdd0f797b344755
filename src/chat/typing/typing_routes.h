#pragma once

#include "chat/channels/channels.h"
#include "chat/gate.h"
#include "web/controller.h"

namespace atrium::chat {

/// Who types, for whoever asks by HTTP.
class TypingRoutes final : public web::Controller<TypingRoutes, Gate> {
 public:
  static constexpr auto routes() {
    return std::tuple{get<"/channels/:channelId/typing", &TypingRoutes::typing>.with(
        {.summary = "Who types in a channel: a few by name, and how many more"})};
  }

  TypingRoutes(const Gate& gate, Channels& channels) : Controller(gate), channels_(channels) {}

 private:
  Task<web::Ok<events::TypingState>> typing(const storage::Channel& channel);

  Channels& channels_;
};

}  // namespace atrium::chat
