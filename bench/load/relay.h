#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crowd.h"
#include "process_meter.h"

namespace atrium::bench {

enum class Work { typing, message };

struct RelayResult {
  std::uint64_t events = 0;
  std::uint64_t deliveries = 0;
  std::int64_t cpu_us = 0;  ///< of the server
  std::int64_t wall_us = 0;
  std::vector<std::uint32_t> latencies_us;  ///< from sending an event to its last delivery
};

/// Keeps a fixed number of events in flight: the next is sent when all deliveries of one have arrived. The users take turns,
/// so that no two of a small room follow each other. Typing comes in pairs, start and stop, because a server may pass on
/// changes only.
class Relay final {
 public:
  Relay(Crowd& crowd, Work work, std::size_t rooms, std::size_t in_flight);
  ~Relay();

  /// Runs for about `duration`, measured on `server`. Where users run out of starts, all leave and come back, unmeasured.
  RelayResult run(const ProcessMeter& server, Clock::duration duration);

 private:
  struct User {
    std::string first;   ///< the frame that begins its turn
    std::string second;  ///< the one that ends it; empty when a turn has one event only
    std::uint32_t awaited = 0;
    bool begun = false;  ///< `first` is in flight
    Clock::time_point sent{};
  };

  void run_leg(Clock::time_point until);
  bool next_turn();
  void send(std::size_t user, const std::string& frame);
  void on_relayed(std::string_view text);
  void on_complete(std::size_t user);

  /// A server may limit how often one user starts; so often it may in any case.
  static constexpr std::size_t kStartsEach = 5;

  Crowd& crowd_;
  const Work work_;
  const std::uint32_t deliveries_each_;
  const std::size_t in_flight_;
  const std::string key_;  ///< stands before the user's number in what is delivered
  std::vector<User> users_;
  std::size_t turns_ = 0;
  std::size_t turns_left_ = 0;
  std::size_t flying_ = 0;
  Clock::time_point until_{};
  RelayResult result_;
};

}  // namespace atrium::bench
