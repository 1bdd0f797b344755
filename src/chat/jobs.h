#pragma once

#include "chat/presence/presence.h"
#include "cron/controller.h"

namespace atrium::chat {

/// What the server does by the clock, on the presence's owner shard.
class Jobs final : public cron::Controller<Jobs> {
 public:
  static constexpr auto jobs() {
    return std::tuple{
        every<"*/5 * * * *", "presence-audit", &Jobs::audit>.with({.description = "Clean up stale presence entries"})};
  }

  explicit Jobs(Presence& presence) : presence_(presence) {}

 private:
  Task<void> audit();

  Presence& presence_;
};

}  // namespace atrium::chat
