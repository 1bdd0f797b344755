#include "chat/jobs.h"

#include "base/log.h"

namespace atrium::chat {

Task<void> Jobs::audit() {
  const std::size_t mended = co_await presence_.audit();
  log::debug("presence audit: {} entries mended", mended);
}

}  // namespace atrium::chat
