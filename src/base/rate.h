#pragma once

#include <algorithm>
#include <optional>

#include "base/clock.h"

namespace atrium {

/// How often something may happen: `burst` times at once, then once each `refill`. What has happened is one moment, which
/// whoever counts keeps: when all will be as if nothing had (the virtual scheduling of ITU-T I.371).
class Rate final {
 public:
  constexpr Rate(int burst, Duration refill) : burst_(burst), refill_(refill) {}

  /// None: it may happen, and has. Else how long to wait until it may.
  std::optional<Duration> take(TimePoint& full_at, TimePoint now) const {
    const TimePoint after = std::max(full_at, now) + refill_;
    const Duration wait = after - now - fills_in();
    if (wait > Duration::zero()) return wait;
    full_at = after;
    return std::nullopt;
  }

  /// How long it takes at most until nothing of the burst is used any more.
  Duration fills_in() const { return burst_ * refill_; }

 private:
  int burst_;
  Duration refill_;
};

}  // namespace atrium
