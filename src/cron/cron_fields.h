#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/fixed_string.h"

// The five fields of a crontab(5) line, read without memory or words, so that an expression in the source is checked by the
// compiler. The grammar is at CronExpression, whose errors say in words what is told here.

namespace atrium::cron {

/// The values of a field, one bit each.
using CronValues = std::uint64_t;

struct CronField {
  std::string_view name;
  unsigned low;
  unsigned high;
  std::span<const std::string_view> names;  ///< of low, low + 1, ...
};

inline constexpr std::array<std::string_view, 12> kMonths = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                             "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
inline constexpr std::array<std::string_view, 7> kWeekdays = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};
inline constexpr std::array<CronField, 5> kCronFields = {
    CronField{"minute", 0, 59, {}}, CronField{"hour", 0, 23, {}}, CronField{"day of month", 1, 31, {}},
    CronField{"month", 1, 12, kMonths}, CronField{"day of week", 0, 7, kWeekdays}};

struct CronFields {
  enum class Error : std::uint8_t {
    none,
    count,      ///< not five fields
    value,      ///< `wrong` is not one of the field's values
    step,       ///< the step of `wrong` is not a number from 1
    backwards,  ///< `wrong` is a range whose end lies before its start
  };

  std::array<CronValues, 5> values{};
  std::array<std::string_view, 5> words{};  ///< parts of the text that was read
  std::size_t count = 0;                    ///< of fields in the text

  Error error = Error::none;
  std::size_t field = 0;  ///< the one that is to blame
  std::string_view wrong;
};

namespace cron_fields_parts {

constexpr std::optional<unsigned> number_of(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<unsigned>(c - '0');
    if (number > 0xffff'ffff) return std::nullopt;
  }
  return static_cast<unsigned>(number);
}

constexpr bool same_letters(std::string_view a, std::string_view b) {
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return upper(x) == upper(y); });
}

constexpr std::optional<unsigned> value_of(const CronField& field, std::string_view text) {
  for (std::size_t i = 0; i < field.names.size(); ++i) {
    if (same_letters(text, field.names[i])) return field.low + static_cast<unsigned>(i);
  }
  const auto number = number_of(text);
  return number && *number >= field.low && *number <= field.high ? number : std::nullopt;
}

/// Adds what `item` means to the values of field `at`.
constexpr void read_item(CronFields& fields, std::size_t at, std::string_view item) {
  const CronField& field = kCronFields[at];
  const auto fail = [&](CronFields::Error error, std::string_view wrong) {
    fields.error = error;
    fields.field = at;
    fields.wrong = wrong;
  };

  const std::size_t slash = item.find('/');
  const std::string_view range = item.substr(0, slash);
  unsigned step = 1;
  if (slash != std::string_view::npos) {
    step = number_of(item.substr(slash + 1)).value_or(0);
    if (step == 0) return fail(CronFields::Error::step, item);
  }

  unsigned first = field.low;
  // 7 would count Sunday a second time: "*/2" is Sunday, Tuesday, Thursday, Saturday.
  unsigned last = range == "*" && field.high == 7 ? 6 : field.high;
  if (range != "*") {
    const std::size_t dash = range.find('-');
    const auto from = value_of(field, range.substr(0, dash));
    if (!from) return fail(CronFields::Error::value, range.substr(0, dash));
    first = *from;
    if (dash != std::string_view::npos) {
      const auto to = value_of(field, range.substr(dash + 1));
      if (!to) return fail(CronFields::Error::value, range.substr(dash + 1));
      // "SAT-SUN" ends with the Sunday that closes the week.
      last = field.high == 7 && *to == 0 ? 7 : *to;
    } else if (slash == std::string_view::npos) {
      last = first;
    }
  }
  if (first > last) return fail(CronFields::Error::backwards, item);
  for (std::uint64_t value = first; value <= last; value += step) fields.values[at] |= CronValues{1} << value;
}

}  // namespace cron_fields_parts

/// Borrows from `text`.
constexpr CronFields read_cron_fields(std::string_view text) {
  CronFields fields;
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (true) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    if (text.empty()) break;
    std::size_t size = 0;
    while (size < text.size() && !is_blank(text[size])) ++size;
    if (fields.count < fields.words.size()) fields.words[fields.count] = text.substr(0, size);
    ++fields.count;
    text.remove_prefix(size);
  }
  if (fields.count != fields.words.size()) {
    fields.error = CronFields::Error::count;
    return fields;
  }
  for (std::size_t at = 0; at < fields.words.size(); ++at) {
    for (std::string_view rest = fields.words[at];;) {
      const std::size_t comma = rest.find(',');
      cron_fields_parts::read_item(fields, at, rest.substr(0, comma));
      if (fields.error != CronFields::Error::none) return fields;
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return fields;
}

/// Words that stand in the source. By value: GCC 12 with a sanitizer takes no expression for constant that looks at the
/// characters of a template argument in their place.
template <std::size_t Size>
constexpr bool is_cron_expression(FixedString<Size> text) {
  return read_cron_fields(text.view()).error == CronFields::Error::none;
}

}  // namespace atrium::cron
