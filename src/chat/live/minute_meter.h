#pragma once

#include <array>
#include <cstdint>

#include "base/clock.h"

namespace atrium::chat {

/// How often something happened in the last minute, to the second. A pure value; time is an argument and does not go back.
class MinuteMeter final {
 public:
  void add(TimePoint now) {
    forget(now);
    ++counts_[index_of(latest_)];
    ++sum_;
  }
  std::uint64_t count(TimePoint now) {
    forget(now);
    return sum_;
  }

 private:
  static constexpr std::int64_t kSeconds = 60;

  static std::size_t index_of(std::int64_t second) { return static_cast<std::size_t>(second % kSeconds); }
  void forget(TimePoint now) {
    const std::int64_t second = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    if (second - latest_ >= kSeconds) {
      counts_.fill(0);
      sum_ = 0;
      latest_ = second;
    }
    while (latest_ < second) {
      auto& oldest = counts_[index_of(++latest_)];
      sum_ -= oldest;
      oldest = 0;
    }
  }

  std::array<std::uint32_t, kSeconds> counts_{};  ///< by second
  std::int64_t latest_ = 0;                       ///< the second that was looked at last
  std::uint64_t sum_ = 0;
};

}  // namespace atrium::chat
