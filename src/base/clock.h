#pragma once

#include <chrono>

namespace atrium {

using Duration = std::chrono::nanoseconds;
/// Monotonic: for deadlines. Never shown to anyone.
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;
/// Calendar time: for timestamps that people and other programs read.
using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

/// Where time comes from. Handed in by constructor, so that a test can advance it by hand. Any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
  virtual WallTime wall() const = 0;
};

/// The clocks of the machine.
class SystemClock final : public Clock {
 public:
  TimePoint now() const override { return std::chrono::steady_clock::now(); }
  WallTime wall() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

}  // namespace atrium
