#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/token_bucket.h"

namespace atrium::chat {

/// A token bucket for each key that is in use. A pure value; what is full again is as good as forgotten, and is forgotten when
/// the table grows, so it holds no more than about twice what was used within the time that a bucket takes to fill.
class KeyedBuckets final {
 public:
  explicit KeyedBuckets(const TokenBucket& fresh) : fresh_(fresh) {}

  /// None: it may happen, and has. Else how long to wait until it may.
  std::optional<Duration> take(const std::string& key, TimePoint now) {
    if (buckets_.size() >= sweep_at_) sweep(now);
    return buckets_.try_emplace(key, fresh_).first->second.take(now);
  }
  std::size_t size() const { return buckets_.size(); }

  static constexpr std::size_t kAlwaysKept = 1024;  ///< not worth a sweep

 private:
  void sweep(TimePoint now) {
    std::erase_if(buckets_, [now](const auto& entry) { return entry.second.full(now); });
    sweep_at_ = std::max(kAlwaysKept, 2 * buckets_.size());
  }

  const TokenBucket fresh_;
  std::unordered_map<std::string, TokenBucket> buckets_;
  std::size_t sweep_at_ = kAlwaysKept;
};

}  // namespace atrium::chat
