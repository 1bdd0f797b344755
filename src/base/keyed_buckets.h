#pragma once

#include <limits>
#include <optional>
#include <string>

#include "base/recent_map.h"
#include "base/rate.h"

namespace atrium {

/// A bucket of its own, filled at one rate, for each key that is in use. A pure value: whose bucket has had the time to fill
/// again is as good as forgotten, and is forgotten. No more than `2 * most` keys are kept; under a flood of others those go that
/// were not used lately.
class KeyedBuckets final {
 public:
  explicit KeyedBuckets(const Rate& rate, std::size_t most = std::numeric_limits<std::size_t>::max())
      : rate_(rate), full_at_(most) {}

  /// None: it may happen, and has. Else how long to wait until it may.
  std::optional<Duration> take(const std::string& key, TimePoint now) {
    // Whoever is forgotten by this was not here for as long as his bucket takes to fill.
    if (now >= turn_at_) {
      full_at_.turn();
      turn_at_ = now + rate_.fills_in();
    }
    TimePoint* full_at = full_at_.find(key);
    if (!full_at) full_at = &full_at_.put(key, TimePoint::min());
    return rate_.take(*full_at, now);
  }
  std::size_t size() const { return full_at_.size(); }

 private:
  const Rate rate_;
  RecentMap<TimePoint> full_at_;
  TimePoint turn_at_ = TimePoint::min();
};

}  // namespace atrium
