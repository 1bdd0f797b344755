#pragma once

#include <limits>
#include <optional>
#include <string>

#include "base/recent_map.h"
#include "base/token_bucket.h"

namespace atrium {

/// A token bucket for each key that is in use. A pure value: whose bucket has had the time to fill again is as good as
/// forgotten, and is forgotten. No more than `2 * most` keys are kept; under a flood of others those go that were not used
/// lately.
class KeyedBuckets final {
 public:
  explicit KeyedBuckets(const TokenBucket& fresh, std::size_t most = std::numeric_limits<std::size_t>::max())
      : fresh_(fresh), buckets_(most) {}

  /// None: it may happen, and has. Else how long to wait until it may.
  std::optional<Duration> take(const std::string& key, TimePoint now) {
    // Whoever is forgotten by this was not here for as long as his bucket takes to fill.
    if (now >= turn_at_) {
      buckets_.turn();
      turn_at_ = now + fresh_.fills_in();
    }
    TokenBucket* bucket = buckets_.find(key);
    if (!bucket) bucket = &buckets_.put(key, fresh_);
    return bucket->take(now);
  }
  std::size_t size() const { return buckets_.size(); }

 private:
  const TokenBucket fresh_;
  RecentMap<TokenBucket> buckets_;
  TimePoint turn_at_ = TimePoint::min();
};

}  // namespace atrium
