#pragma once

#include "chat/operations/counters.h"
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
        every<"0 3 * * *", "expired-sessions", &Jobs::remove_expired>.with({.description = "Remove expired refresh tokens"}),
        every<"30 3 * * *", "seq-holes", &Jobs::look_for_holes>.with({.description = "Look for messages that are missing"}),
        every<"45 * * * *", "database-tidy", &Jobs::tidy>.with(
            {.description = "Fold the write-ahead log into the database and bring its statistics up to date"})};
  }

  Jobs(Presence& presence, storage::Database& database, Counters& counters)
      : presence_(presence), database_(database), counters_(counters) {}

 private:
  Task<void> audit();
  Task<void> remove_expired();
  Task<void> look_for_holes();
  Task<void> tidy();

  Presence& presence_;
  storage::Database& database_;
  Counters& counters_;
};

}  // namespace atrium::chat
