#include "chat/jobs.h"

#include "base/log.h"

namespace atrium::chat {

Jobs::Jobs(Presence& presence, const Clock& clock) : scheduler_(presence.owner().deadlines(), clock) {
  scheduler_.add({.name = "presence-audit",
                  .description = "Clean up stale presence entries",
                  .expression = *cron::CronExpression::parse("*/5 * * * *"),
                  .zone = cron::TimeZone::utc(),
                  .run = [&presence]() -> Task<void> {
                    const std::size_t mended = co_await presence.audit();
                    log::debug("presence audit: {} entries mended", mended);
                  }});
}

}  // namespace atrium::chat
