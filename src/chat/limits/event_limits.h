#pragma once

#include <optional>
#include <string_view>

#include "base/token_bucket.h"
#include "chat/config.h"

namespace atrium::chat {

/// What an event of a client counts as, beside being one event.
enum class EventClass { other, join, edit, status, message, stop };

EventClass class_of(std::string_view event);

/// A bucket that lets `count` through in each `window`, `burst` of them at once; none when `count` is 0.
std::optional<TokenBucket> make_bucket(unsigned count, Duration window, unsigned burst);
inline std::optional<TokenBucket> make_bucket(unsigned count, Duration window) { return make_bucket(count, window, count); }

/// How fast one socket is. A pure value; time is an argument.
class EventLimits final {
 public:
  explicit EventLimits(const Limits& limits);

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
  std::optional<TokenBucket>* bucket_of(EventClass kind);
  bool strike(TimePoint now);

  std::optional<TokenBucket> all_;
  std::optional<TokenBucket> joins_;
  std::optional<TokenBucket> edits_;
  std::optional<TokenBucket> statuses_;
  int strikes_ = 0;
  TimePoint last_strike_ = TimePoint::min();
};

}  // namespace atrium::chat
