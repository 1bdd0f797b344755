#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"

namespace atrium::cron {

/// What a wall clock in some place shows: a date and a time of day, without the place.
using LocalMinute = std::chrono::local_time<std::chrono::minutes>;

/// The rules by which a place sets its clocks. An immutable value; any thread.
class TimeZone final {
 public:
  /// `name` as in the IANA database: "Europe/Berlin", "UTC". None when the system knows no such zone.
  static std::optional<TimeZone> load(const std::string& name);
  static TimeZone utc();

  const std::string& name() const;

  /// What the clocks show at `time`, the seconds cut off.
  LocalMinute local(WallTime time) const;
  /// When the clocks show `minute`. Shown twice, as they are set back: the first time. Never shown, as they are set
  /// forward: when they would have, so that 02:30 becomes 03:30.
  WallTime instant(LocalMinute minute) const;

 private:
  struct Rules;
  explicit TimeZone(std::shared_ptr<const Rules> rules);
  std::shared_ptr<const Rules> rules_;
};

}  // namespace atrium::cron
