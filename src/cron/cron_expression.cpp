#include "cron/cron_expression.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdint>

#include "cron/cron_fields.h"

namespace atrium::cron {

namespace {

using std::chrono::local_days;

/// 29 February falls on a given day of the week at least once in 40 years, over a century without one too.
constexpr auto kHorizon = std::chrono::years(41);
/// Clocks were never set further at once: Samoa skipped a whole day to cross the date line.
constexpr auto kWidestJump = std::chrono::hours(24);
constexpr std::int64_t kMinutesOfDay = 1440;

/// What is wrong with `text`, in words.
std::string words_of(const CronFields& fields, std::string_view text) {
  const CronField& field = kCronFields[fields.field];
  switch (fields.error) {
    case CronFields::Error::count:
      return fmt::format("\"{}\" has {} fields: minute, hour, day of month, month and day of week are needed", text,
                         fields.count);
    case CronFields::Error::value:
      return fmt::format("the {} \"{}\" is not one of {} to {}", field.name, fields.wrong, field.low, field.high);
    case CronFields::Error::step:
      return fmt::format("the step of the {} \"{}\" is not a number from 1", field.name, fields.wrong);
    case CronFields::Error::backwards:
      return fmt::format("the {} \"{}\" runs backwards", field.name, fields.wrong);
    case CronFields::Error::none:
      break;
  }
  return {};
}

}  // namespace

Result<CronExpression, std::string> CronExpression::parse(std::string_view text) {
  const CronFields fields = read_cron_fields(text);
  if (fields.error != CronFields::Error::none) return words_of(fields, text);

  CronExpression expression;
  expression.text_ = text;
  expression.minutes_ = fields.values[0];
  expression.hours_ = fields.values[1];
  expression.days_ = fields.values[2];
  expression.months_ = fields.values[3];
  expression.weekdays_ = fields.values[4];
  if (expression.weekdays_[7]) expression.weekdays_.set(0);
  expression.either_day_ = fields.words[2].front() != '*' && fields.words[4].front() != '*';
  return expression;
}

std::optional<WallTime> CronExpression::next_after(WallTime time, const TimeZone& zone) const {
  return hours_.all() ? next_by_passing_time(time, zone) : next_by_the_clocks(time, zone);
}

bool CronExpression::matches_day(local_days day) const {
  const std::chrono::year_month_day date(day);
  if (!months_[static_cast<unsigned>(date.month())]) return false;
  const bool by_date = days_[static_cast<unsigned>(date.day())];
  const bool by_weekday = weekdays_[std::chrono::weekday(day).c_encoding()];
  return either_day_ ? by_date || by_weekday : by_date && by_weekday;
}

std::optional<local_days> CronExpression::day_from(local_days day) const {
  for (const auto end = day + kHorizon; day < end;) {
    if (matches_day(day)) return day;
    const std::chrono::year_month_day date(day);
    if (months_[static_cast<unsigned>(date.month())]) {
      day += std::chrono::days(1);
    } else {
      day = local_days((date.year() / date.month() + std::chrono::months(1)) / 1);
    }
  }
  return std::nullopt;
}

std::optional<LocalMinute> CronExpression::minute_from(LocalMinute minute) const {
  const auto from = std::chrono::floor<std::chrono::days>(minute);
  for (auto day = day_from(from); day; day = day_from(*day + std::chrono::days(1))) {
    const auto earliest = *day == from ? (minute - from).count() : 0;
    for (auto at = earliest; at < kMinutesOfDay; ++at) {
      if (hours_[at / 60] && minutes_[at % 60]) return LocalMinute(*day + std::chrono::minutes(at));
    }
  }
  return std::nullopt;
}

std::optional<WallTime> CronExpression::next_by_the_clocks(WallTime time, const TimeZone& zone) const {
  // A time that the clocks skipped may lie behind what they show at `time`, and yet be due after it.
  std::optional<WallTime> earliest;
  auto minute = minute_from(zone.local(time) - kWidestJump);
  while (minute && (!earliest || *minute <= zone.local(*earliest))) {
    const WallTime due = zone.instant(*minute);
    if (due > time && (!earliest || due < *earliest)) earliest = due;
    minute = minute_from(*minute + std::chrono::minutes(1));
  }
  return earliest;
}

std::optional<WallTime> CronExpression::next_by_passing_time(WallTime time, const TimeZone& zone) const {
  constexpr auto kMinute = std::chrono::minutes(1);
  WallTime due = std::chrono::floor<std::chrono::minutes>(time) + kMinute;
  while (true) {
    const LocalMinute shown = zone.local(due);
    const auto today = std::chrono::floor<std::chrono::days>(shown);
    const auto day = day_from(today);
    if (!day) return std::nullopt;
    if (*day == today) {
      if (minutes_[(shown - today).count() % 60]) return due;
      due += kMinute;
    } else {
      due = std::max<WallTime>(due + kMinute, zone.instant(LocalMinute(*day)));
    }
  }
}

}  // namespace atrium::cron
