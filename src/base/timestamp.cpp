#include "base/timestamp.h"

#include <spdlog/fmt/chrono.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace atrium {

namespace {

/// Takes what it reads from the front of a text; once something is wrong, it stays wrong.
class Reader final {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    if (rest_.size() < count) ok_ = false;
    int number = 0;
    for (std::size_t i = 0; ok_ && i < count; ++i) {
      const char c = rest_[i];
      if (c < '0' || c > '9') ok_ = false;
      number = number * 10 + (c - '0');
    }
    if (ok_) rest_.remove_prefix(count);
    return number;
  }
  bool take(char c) {
    if (!ok_ || rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void must(char c) { ok_ &= take(c); }
  std::size_t leading_digits() const {
    return static_cast<std::size_t>(std::find_if(rest_.begin(), rest_.end(), [](char c) { return c < '0' || c > '9'; }) -
                                    rest_.begin());
  }
  bool ended_well() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

std::chrono::milliseconds read_fraction(Reader& reader) {
  if (!reader.take('.')) return {};
  const std::size_t count = reader.leading_digits();
  if (count == 0) reader.digits(1);  // which fails: a point wants a digit
  const std::size_t kept = std::min<std::size_t>(count, 3);
  int number = reader.digits(kept);
  for (std::size_t i = kept; i < 3; ++i) number *= 10;
  for (std::size_t i = kept; i < count; ++i) reader.digits(1);
  return std::chrono::milliseconds(number);
}

std::chrono::minutes read_offset(Reader& reader) {
  if (reader.take('Z')) return {};
  const bool west = reader.take('-');
  if (!west) reader.must('+');
  const int hours = reader.digits(2);
  reader.must(':');
  const std::chrono::minutes offset(hours * 60 + reader.digits(2));
  return west ? -offset : offset;
}

}  // namespace

std::optional<WallTime> parse_iso8601(std::string_view text) {
  using namespace std::chrono;
  Reader reader(text);
  const int year = reader.digits(4);
  reader.must('-');
  const int month = reader.digits(2);
  reader.must('-');
  const int day = reader.digits(2);
  reader.must('T');
  const int hour = reader.digits(2);
  reader.must(':');
  const int minute = reader.digits(2);
  reader.must(':');
  const int second = reader.digits(2);
  const milliseconds fraction = read_fraction(reader);
  const minutes offset = read_offset(reader);
  const year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day)));
  if (!reader.ended_well() || !date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return sys_days(date) + hours(hour) + minutes(minute) + seconds(second) + fraction - offset;
}

std::string to_iso8601(WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto milliseconds = (time - seconds).count();
  const std::time_t since_epoch = seconds.time_since_epoch().count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03d}Z", fmt::gmtime(since_epoch), milliseconds);
}

}  // namespace atrium
