#include "chat/jobs.h"

#include "base/log.h"

namespace atrium::chat {

Task<void> Jobs::audit() {
  const std::size_t mended = co_await presence_.audit();
  log::debug("presence audit: {} entries mended", mended);
}

Task<void> Jobs::remove_expired() {
  const std::size_t removed = co_await database_.sessions().remove_expired();
  log::debug("{} expired sessions removed", removed);
}

}  // namespace atrium::chat
