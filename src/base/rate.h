#pragma once

#include <algorithm>
#include <optional>

#include "base/clock.h"

namespace atrium {

/// How often something may happen: `burst` times at once, then once each `refill`. A pure value, and a small one: it keeps but
/// the moment when all is as if nothing had happened (the virtual scheduling of ITU-T I.371).
class TokenBucket final {
 public:
  TokenBucket(int burst, Duration refill) : burst_(burst), refill_(refill) {}

  /// None: it may happen, and has. Else how long to wait until it may.
  std::optional<Duration> take(TimePoint now) {
    const TimePoint after = std::max(full_at_, now) + refill_;
    const Duration wait = after - now - fills_in();
    if (wait > Duration::zero()) return wait;
    full_at_ = after;
    return std::nullopt;
  }

  /// How long it takes at most until nothing of the burst is used any more.
  Duration fills_in() const { return burst_ * refill_; }

 private:
  int burst_;
  Duration refill_;
  TimePoint full_at_ = TimePoint::min();
};

}  // namespace atrium
