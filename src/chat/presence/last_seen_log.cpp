#include "chat/presence/last_seen_log.h"

#include "base/log.h"
#include "storage/store_error.h"

namespace atrium::chat {

void LastSeenLog::note(const storage::UserId& user, WallTime at) {
  seen_[user] = at;
  if (seen_.size() >= kBatch) {
    owner_.deadlines().arm(due_, Duration::zero());
  } else if (!due_.armed()) {
    owner_.deadlines().arm(due_, kDelay);
  }
}

Task<void> LastSeenLog::write() {
  std::vector<storage::LastSeen> batch;
  for (auto& [user, at] : seen_) batch.push_back({user, at});
  seen_.clear();
  try {
    co_await store_.save_last_seen(batch);
    co_return;
  } catch (const storage::StoreUnavailable& error) {
    log::warn("cannot write down when {} users were seen last: {}", batch.size(), error.what());
  }
  for (auto& [user, at] : batch) seen_.emplace(std::move(user), at);
  if (!due_.armed()) owner_.deadlines().arm(due_, kDelay);
}

}  // namespace atrium::chat
