#include "cron/time_zone.h"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include <utility>

namespace atrium::cron {

namespace {

constexpr absl::CivilMinute kEpoch(1970, 1, 1);

}  // namespace

struct TimeZone::Rules {
  std::string name;
  absl::TimeZone zone;
};

TimeZone::TimeZone(std::shared_ptr<const Rules> rules) : rules_(std::move(rules)) {}

std::optional<TimeZone> TimeZone::load(const std::string& name) {
  absl::TimeZone zone;
  // The library also takes paths and its own words for fixed offsets; a schedule names a place.
  if (name.empty() || name.front() == '/' || name.front() == ':' || !absl::LoadTimeZone(name, &zone)) return std::nullopt;
  return TimeZone(std::make_shared<const Rules>(Rules{name, zone}));
}

TimeZone TimeZone::utc() { return TimeZone(std::make_shared<const Rules>(Rules{"UTC", absl::UTCTimeZone()})); }

const std::string& TimeZone::name() const { return rules_->name; }

LocalMinute TimeZone::local(WallTime time) const {
  const absl::CivilMinute shown(rules_->zone.At(absl::FromChrono(time)).cs);
  return LocalMinute(std::chrono::minutes(shown - kEpoch));
}

WallTime TimeZone::instant(LocalMinute minute) const {
  const absl::CivilSecond shown(kEpoch + minute.time_since_epoch().count());
  // By the offset from before the clocks were set: the first of two showings, and what a skipped time would have been.
  return std::chrono::time_point_cast<std::chrono::milliseconds>(absl::ToChronoTime(rules_->zone.At(shown).pre));
}

}  // namespace atrium::cron
