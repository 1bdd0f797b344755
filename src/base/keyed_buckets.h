#pragma once

#include <limits>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/token_bucket.h"

namespace atrium {

/// A token bucket for each key that is in use. A pure value: whose bucket has had the time to fill again is as good as
/// forgotten, and is forgotten. No more than `2 * most` keys are kept; under a flood of others those go that were not used
/// lately.
class KeyedBuckets final {
 public:
  explicit KeyedBuckets(const TokenBucket& fresh, std::size_t most = std::numeric_limits<std::size_t>::max())
      : fresh_(fresh), most_(most) {}

  /// None: it may happen, and has. Else how long to wait until it may.
  std::optional<Duration> take(const std::string& key, TimePoint now) {
    if (recent_.size() >= most_ || now >= turn_at_) turn(now);
    auto found = recent_.find(key);
    if (found == recent_.end()) {
      const auto old = older_.find(key);
      found = recent_.emplace(key, old == older_.end() ? fresh_ : old->second).first;
      if (old != older_.end()) older_.erase(old);
    }
    return found->second.take(now);
  }
  std::size_t size() const { return recent_.size() + older_.size(); }

 private:
  /// Whoever is in `older_` by now was not used for as long as his bucket takes to fill, unless there are too many.
  void turn(TimePoint now) {
    older_ = std::exchange(recent_, {});
    turn_at_ = now + fresh_.fills_in();
  }

  const TokenBucket fresh_;
  const std::size_t most_;
  std::unordered_map<std::string, TokenBucket> recent_;
  std::unordered_map<std::string, TokenBucket> older_;
  TimePoint turn_at_ = TimePoint::min();
};

}  // namespace atrium
