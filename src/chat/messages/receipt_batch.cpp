#include "chat/messages/receipt_batch.h"

#include <algorithm>
#include <utility>

namespace atrium::chat {

void ReceiptBatch::note(const storage::UserId& user, std::uint64_t seq) {
  std::uint64_t& known = receipts_[user];
  known = std::max(known, seq);
}

std::optional<Duration> ReceiptBatch::wait(TimePoint now) const {
  if (receipts_.empty()) return std::nullopt;
  if (!told_) return Duration::zero();
  return std::max(Duration::zero(), *told_ + kInterval - now);
}

ReceiptBatch::Receipts ReceiptBatch::take(TimePoint now) {
  told_ = now;
  return std::exchange(receipts_, {});
}

}  // namespace atrium::chat
