#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

#include "socketio/namespace.h"

namespace atrium::admin {

/// Those who are in the admin namespace, on whatever node. While there is none, nothing is said and nearly nothing is spent.
/// Any shard.
class Onlookers final {
 public:
  /// `nsp` outlives it.
  explicit Onlookers(socketio::Namespace& nsp) : nsp_(nsp) {}

  const socketio::Namespace& nsp() const { return nsp_; }
  bool there() const { return (state_.load(std::memory_order_relaxed) & kThere) != 0; }

  template <class... Args>
  void tell(std::string_view event, const Args&... args) const {
    if (there()) nsp_.emit(event, args...);
  }

  /// One has come. True when there had been none.
  bool on_arrival();
  /// On a shard: asks the cluster whether somebody is still there.
  void count();

 private:
  static constexpr std::uint64_t kThere = 1;
  static constexpr std::uint64_t kArrival = 2;

  socketio::Namespace& nsp_;
  std::atomic<std::uint64_t> state_ = 0;  ///< kThere, and how many have come, so that a count that they missed does not count
};

}  // namespace atrium::admin
