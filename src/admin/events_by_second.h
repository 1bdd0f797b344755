#pragma once

#include <array>
#include <boost/json/array.hpp>
#include <cstdint>
#include <map>

#include "base/clock.h"
#include "engineio/close_reason.h"

namespace atrium::admin {

/// What is counted, by the names of the protocol: `packetsIn` and so on.
enum class Counted : std::uint8_t { raw_connection, packets_in, packets_out, bytes_in, bytes_out };

/// How often what happened in each second of the calendar. A value; whoever takes it too seldom loses the oldest seconds.
class EventsBySecond final {
 public:
  static constexpr std::size_t kMaxSeconds = 60;

  void add(WallTime now, Counted what, std::uint64_t count = 1);
  void add_disconnection(WallTime now, engineio::CloseReason reason);
  /// What another shard has counted.
  void add(const EventsBySecond& others);

  bool empty() const { return seconds_.empty(); }
  /// `{"timestamp","type","subType"?,"count"}` each, by time; timestamps in milliseconds.
  boost::json::array to_json() const;

 private:
  using Second = std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>;
  struct Counts {
    std::array<std::uint64_t, 5> counted{};
    std::map<engineio::CloseReason, std::uint64_t> disconnections;
  };

  Counts& at(WallTime time);

  std::map<Second, Counts> seconds_;
};

}  // namespace atrium::admin
