#pragma once

#include "chat/presence/presence.h"
#include "cron/controller.h"
#include "storage/database.h"

namespace atrium::chat {

/// What the server does by the clock, on the presence's owner shard.
class Jobs final : public cron::Controller<Jobs> {
 public:
  static constexpr auto jobs() {
    return std::tuple{
        every<"*/5 * * * *", "presence-audit", &Jobs::audit>.with({.description = "Clean up stale presence entries"}),
        every<"0 3 * * *", "expired-sessions", &Jobs::remove_expired>.with({.description = "Remove expired refresh tokens"})};
  }

  Jobs(Presence& presence, storage::Database& database) : presence_(presence), database_(database) {}

 private:
  Task<void> audit();
  Task<void> remove_expired();

  Presence& presence_;
  storage::Database& database_;
};

}  // namespace atrium::chat
