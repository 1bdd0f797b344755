#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "cron/time_zone.h"

namespace atrium::cron {

/// When a job is due, in the five fields of crontab(5). A pure value; any thread.
///
///   minute 0-59   hour 0-23   day of month 1-31   month 1-12 or JAN-DEC   day of week 0-7 or SUN-SAT, 0 and 7 are
///   Sunday field = item *("," item)    item = ("*" | value ["-" value]) ["/" step]    value "/" step runs to the
///   field's end
///
/// A day matches when both day fields do; when neither begins with "*", one of the two is enough.
class CronExpression final {
 public:
  /// The error is one sentence that names the field.
  static Result<CronExpression, std::string> parse(std::string_view text);

  /// The first time after `time`, by the clocks of `zone`; none when no such date exists (30 February).
  /// When clocks are set, an expression for every hour follows the time that passes. One for certain hours follows the
  /// clocks: a time they skip is due when they would have shown it, a time they show twice is due once.
  std::optional<WallTime> next_after(WallTime time, const TimeZone& zone) const;

  const std::string& text() const { return text_; }

 private:
  CronExpression() = default;
  bool matches_day(std::chrono::local_days day) const;
  std::optional<std::chrono::local_days> day_from(std::chrono::local_days day) const;
  std::optional<LocalMinute> minute_from(LocalMinute minute) const;
  std::optional<WallTime> next_by_the_clocks(WallTime time, const TimeZone& zone) const;
  std::optional<WallTime> next_by_passing_time(WallTime time, const TimeZone& zone) const;

  std::string text_;
  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<8> weekdays_;  ///< Sunday is 0; bit 7 is folded into it
  bool either_day_ = false;  ///< both day fields are restricted
};

}  // namespace atrium::cron
