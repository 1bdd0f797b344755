#include "chat/accounts/attempt_limit.h"

#include "net/hop.h"

namespace atrium::chat {

std::optional<Duration> AttemptTable::take(const std::string& name, TimePoint now) {
  if (recent_.size() >= kMaxNames || now >= since_ + kBurst * kRefill || since_ == TimePoint::min()) {
    older_ = std::exchange(recent_, {});
    since_ = now;
  }
  auto found = recent_.find(name);
  if (found == recent_.end()) {
    const auto old = older_.find(name);
    found = recent_.emplace(name, old == older_.end() ? TokenBucket(kBurst, kRefill) : old->second).first;
    if (old != older_.end()) older_.erase(old);
  }
  return found->second.take(now);
}

Task<std::optional<Duration>> AttemptLimit::take(std::string name) {
  net::Shard& asker = *net::Shard::current();
  net::Shard& home = shards_.home_of(name);
  co_await net::hop_to(home);
  const auto wait = tables_[home.index()].take(name, home.clock().now());
  co_await net::hop_to(asker);
  co_return wait;
}

}  // namespace atrium::chat
