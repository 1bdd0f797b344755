#include "chat/limits/event_limits.h"

#include <unordered_map>

namespace atrium::chat {

using namespace std::chrono_literals;

EventClass class_of(std::string_view event) {
  static const std::unordered_map<std::string_view, EventClass> kClasses{
      {"channel:join", EventClass::join},      {"message:edit", EventClass::edit},    {"message:delete", EventClass::edit},
      {"presence:status", EventClass::status}, {"message:send", EventClass::message}, {"channel:stop_typing", EventClass::stop},
  };
  const auto found = kClasses.find(event);
  return found == kClasses.end() ? EventClass::other : found->second;
}

std::optional<Rate> make_rate(unsigned count, Duration window, unsigned burst) {
  if (count == 0) return std::nullopt;
  return Rate(static_cast<int>(std::max(burst, 1u)), window / count);
}

EventRates::EventRates(const Limits& limits)
    : all(make_rate(limits.events, 60s, limits.burst)),
      joins(make_rate(limits.joins, 10s)),
      edits(make_rate(limits.edits, 10s)),
      statuses(make_rate(limits.statuses, 20s)) {}

EventLimits::Verdict EventLimits::judge(EventClass kind, TimePoint now) {
  const auto take = [now](const std::optional<Rate>& rate, TimePoint& full_at) {
    return rate ? rate->take(full_at, now) : std::nullopt;
  };
  if (const auto wait = take(rates_.all, all_)) {
    const bool close = strike(now);
    if (kind == EventClass::stop) return {.close = close};
    return {.wait = wait, .close = close};
  }
  switch (kind) {
    case EventClass::join:
      return {.wait = take(rates_.joins, joins_)};
    case EventClass::edit:
      return {.wait = take(rates_.edits, edits_)};
    case EventClass::status:
      return {.wait = take(rates_.statuses, statuses_)};
    default:
      return {};
  }
}

bool EventLimits::strike(TimePoint now) {
  if (strikes_ > 0 && now - last_strike_ < kStrikeGap) return false;
  if (strikes_ > 0 && now - last_strike_ >= kForgiven) strikes_ = 0;
  last_strike_ = now;
  return ++strikes_ >= kStrikes;
}

}  // namespace atrium::chat
