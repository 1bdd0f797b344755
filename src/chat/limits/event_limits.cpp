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

std::optional<TokenBucket> make_bucket(unsigned count, Duration window, unsigned burst) {
  if (count == 0) return std::nullopt;
  return TokenBucket(static_cast<int>(std::max(burst, 1u)), window / count);
}

EventLimits::EventLimits(const Limits& limits)
    : all_(make_bucket(limits.events, 60s, limits.burst)),
      joins_(make_bucket(limits.joins, 10s)),
      edits_(make_bucket(limits.edits, 10s)),
      statuses_(make_bucket(limits.statuses, 20s)) {}

std::optional<TokenBucket>* EventLimits::bucket_of(EventClass kind) {
  switch (kind) {
    case EventClass::join:
      return &joins_;
    case EventClass::edit:
      return &edits_;
    case EventClass::status:
      return &statuses_;
    default:
      return nullptr;
  }
}

EventLimits::Verdict EventLimits::judge(EventClass kind, TimePoint now) {
  if (all_) {
    if (const auto wait = all_->take(now)) {
      const bool close = strike(now);
      if (kind == EventClass::stop) return {.close = close};
      return {.wait = wait, .close = close};
    }
  }
  auto* const bucket = bucket_of(kind);
  if (!bucket || !*bucket) return {};
  return {.wait = (*bucket)->take(now)};
}

bool EventLimits::strike(TimePoint now) {
  if (strikes_ > 0 && now - last_strike_ < kStrikeGap) return false;
  if (strikes_ > 0 && now - last_strike_ >= kForgiven) strikes_ = 0;
  last_strike_ = now;
  return ++strikes_ >= kStrikes;
}

}  // namespace atrium::chat
