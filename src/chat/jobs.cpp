#include "chat/jobs.h"

#include "base/log.h"

namespace atrium::chat {

Task<void> Jobs::audit() {
  const std::size_t mended = co_await presence_.audit();
  counters_.presence_repairs += mended;
  log::debug("presence audit: {} entries mended", mended);
}

Task<void> Jobs::remove_expired() {
  const std::size_t removed = co_await database_.sessions().remove_expired();
  log::debug("{} expired sessions removed", removed);
}

Task<void> Jobs::look_for_holes() {
  const std::uint64_t holes = co_await database_.messages().count_holes();
  counters_.seq_holes = holes;
  if (holes > 0) log::error("{} messages are missing in the database: their places are counted, but nothing is there", holes);
}

Task<void> Jobs::tidy() { co_await database_.tidy(); }

}  // namespace atrium::chat
