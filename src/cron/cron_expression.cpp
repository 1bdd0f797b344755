#include "cron/cron_expression.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <span>
#include <vector>

namespace atrium::cron {

namespace {

using std::chrono::local_days;

constexpr std::array<std::string_view, 12> kMonths = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                      "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> kWeekdays = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

/// 29 February falls on a given day of the week at least once in 40 years, over a century without one too.
constexpr auto kHorizon = std::chrono::years(41);
/// Clocks were never set further at once: Samoa skipped a whole day to cross the date line.
constexpr auto kWidestJump = std::chrono::hours(24);
constexpr std::int64_t kMinutesOfDay = 1440;

struct Field {
  std::string_view name;
  unsigned low;
  unsigned high;
  std::span<const std::string_view> names;  ///< of low, low + 1, ...
};

constexpr std::array<Field, 5> kFields = {Field{"minute", 0, 59, {}}, Field{"hour", 0, 23, {}},
                                          Field{"day of month", 1, 31, {}}, Field{"month", 1, 12, kMonths},
                                          Field{"day of week", 0, 7, kWeekdays}};

/// The values of a field, one bit each.
using Values = std::uint64_t;

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find_first_of(separators);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<unsigned> parse_number(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool same_letters(std::string_view a, std::string_view b) {
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return upper(x) == upper(y); });
}

Result<unsigned, std::string> parse_value(const Field& field, std::string_view text) {
  for (std::size_t i = 0; i < field.names.size(); ++i) {
    if (same_letters(text, field.names[i])) return field.low + static_cast<unsigned>(i);
  }
  const auto number = parse_number(text);
  if (number && *number >= field.low && *number <= field.high) return *number;
  return fmt::format("the {} \"{}\" is not one of {} to {}", field.name, text, field.low, field.high);
}

Result<Values, std::string> parse_item(const Field& field, std::string_view item) {
  const std::size_t slash = item.find('/');
  const std::string_view range = item.substr(0, slash);
  unsigned step = 1;
  if (slash != std::string_view::npos) {
    const auto number = parse_number(item.substr(slash + 1));
    if (!number || *number == 0) return fmt::format("the step of the {} \"{}\" is not a number from 1", field.name, item);
    step = *number;
  }

  unsigned first = field.low;
  unsigned last = field.high;
  // 7 would count Sunday a second time: "*/2" is Sunday, Tuesday, Thursday, Saturday.
  if (range == "*" && field.high == 7) last = 6;
  if (range != "*") {
    const std::size_t dash = range.find('-');
    const auto from = parse_value(field, range.substr(0, dash));
    if (!from) return from.error();
    first = *from;
    if (dash != std::string_view::npos) {
      const auto to = parse_value(field, range.substr(dash + 1));
      if (!to) return to.error();
      // "SAT-SUN" ends with the Sunday that closes the week.
      last = field.high == 7 && *to == 0 ? 7 : *to;
    } else if (slash == std::string_view::npos) {
      last = first;
    }
  }
  if (first > last) return fmt::format("the {} \"{}\" runs backwards", field.name, item);

  Values values = 0;
  for (std::uint64_t value = first; value <= last; value += step) values |= Values{1} << value;
  return values;
}

Result<Values, std::string> parse_field(const Field& field, std::string_view text) {
  Values values = 0;
  for (const std::string_view item : split(text, ",")) {
    const auto parsed = parse_item(field, item);
    if (!parsed) return parsed.error();
    values |= *parsed;
  }
  return values;
}

}  // namespace

Result<CronExpression, std::string> CronExpression::parse(std::string_view text) {
  auto words = split(text, " \t");
  std::erase(words, std::string_view());
  if (words.size() != kFields.size()) {
    return fmt::format("\"{}\" has {} fields: minute, hour, day of month, month and day of week are needed", text,
                       words.size());
  }
  std::array<Values, 5> values{};
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    const auto parsed = parse_field(kFields[i], words[i]);
    if (!parsed) return parsed.error();
    values[i] = *parsed;
  }

  CronExpression expression;
  expression.text_ = text;
  expression.minutes_ = values[0];
  expression.hours_ = values[1];
  expression.days_ = values[2];
  expression.months_ = values[3];
  expression.weekdays_ = values[4];
  if (expression.weekdays_[7]) expression.weekdays_.set(0);
  expression.either_day_ = words[2].front() != '*' && words[4].front() != '*';
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
