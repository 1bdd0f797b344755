#pragma once

#include <optional>
#include <string_view>

#include "base/rate.h"
#include "chat/config.h"

namespace atrium::chat {

/// What an event of a client counts as, beside being one event.
enum class EventClass { other, join, edit, status, message, stop };

EventClass class_of(std::string_view event);

/// `count` in each `window`, `burst` of them at once; none, which is no limit, when `count` is 0.
std::optional<Rate> make_rate(unsigned count, Duration window, unsigned burst);
inline std::optional<Rate> make_rate(unsigned count, Duration window) { return make_rate(count, window, count); }

/// How fast a socket may be. Immutable; shared by all.
struct EventRates final {
  explicit EventRates(const Limits& limits);

  std::optional<Rate> all;
  std::optional<Rate> joins;
  std::optional<Rate> edits;
  std::optional<Rate> statuses;
};

/// How fast one socket is. A pure value, and a small one, since every connection has it; time is an argument.
class EventLimits final {
 public:
  /// `rates` outlives it.
  explicit EventLimits(const EventRates& rates) : rates_(rates) {}

  struct Verdict {
    std::optional<Duration> wait = std::nullopt;  ///< it is refused, and may come again after so long
    bool close = false;                           ///< that was too much too often
  };
  /// A stop of typing is counted and never refused: the promise to those who were told of the start hangs on it.
  Verdict judge(EventClass kind, TimePoint now);

  static constexpr int kStrikes = 3;  ///< then the connection is closed
  /// What comes faster than a client can hear of the refusal is one strike.
  static constexpr Duration kStrikeGap = std::chrono::seconds(1);
  static constexpr Duration kForgiven = std::chrono::seconds(60);  ///< after which strikes are forgotten

 private:
  bool strike(TimePoint now);

  const EventRates& rates_;
  // When nothing of each rate is used any more.
  TimePoint all_ = TimePoint::min();
  TimePoint joins_ = TimePoint::min();
  TimePoint edits_ = TimePoint::min();
  TimePoint statuses_ = TimePoint::min();
  int strikes_ = 0;
  TimePoint last_strike_ = TimePoint::min();
};

}  // namespace atrium::chat
