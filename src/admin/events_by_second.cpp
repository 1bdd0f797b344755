#include "admin/events_by_second.h"

#include <boost/json/object.hpp>
#include <string_view>

namespace atrium::admin {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 5> kNames = {"rawConnection", "packetsIn", "packetsOut", "bytesIn", "bytesOut"};

}  // namespace

EventsBySecond::Counts& EventsBySecond::at(WallTime time) {
  const Second second = std::chrono::floor<std::chrono::seconds>(time);
  if (const auto found = seconds_.find(second); found != seconds_.end()) return found->second;
  if (seconds_.size() == kMaxSeconds) seconds_.erase(seconds_.begin());
  return seconds_[second];
}

void EventsBySecond::add(WallTime now, Counted what, std::uint64_t count) {
  at(now).counted[static_cast<std::size_t>(what)] += count;
}

void EventsBySecond::add_disconnection(WallTime now, engineio::CloseReason reason) { ++at(now).disconnections[reason]; }

void EventsBySecond::add(const EventsBySecond& others) {
  for (const auto& [second, theirs] : others.seconds_) {
    Counts& ours = at(second);
    for (std::size_t i = 0; i < theirs.counted.size(); ++i) ours.counted[i] += theirs.counted[i];
    for (const auto& [reason, count] : theirs.disconnections) ours.disconnections[reason] += count;
  }
}

json::array EventsBySecond::to_json() const {
  json::array events;
  for (const auto& [second, counts] : seconds_) {
    const auto timestamp = std::chrono::duration_cast<std::chrono::milliseconds>(second.time_since_epoch()).count();
    for (std::size_t i = 0; i < counts.counted.size(); ++i) {
      if (counts.counted[i] == 0) continue;
      events.push_back(json::object{{"timestamp", timestamp}, {"type", kNames[i]}, {"count", counts.counted[i]}});
    }
    for (const auto& [reason, count] : counts.disconnections) {
      events.push_back(json::object{
          {"timestamp", timestamp}, {"type", "rawDisconnection"}, {"subType", to_string(reason)}, {"count", count}});
    }
  }
  return events;
}

}  // namespace atrium::admin
