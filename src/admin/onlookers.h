#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string_view>

#include "socketio/namespace.h"

namespace atrium::admin {

/// Those who are in the admin namespace, on whatever node. While there is none, nothing is said and nearly nothing is spent.
/// Nodes of ours tell each other of who comes; others are found by counting, as are those who go. Any shard.
class Onlookers final {
 public:
  /// `nsp` outlives it. `arrived`: called on one shard or the other when there had been none.
  Onlookers(socketio::Namespace& nsp, std::function<void()> arrived);

  const socketio::Namespace& nsp() const { return nsp_; }
  bool there() const { return (state_.load(std::memory_order_relaxed) & kThere) != 0; }

  template <class... Args>
  void tell(std::string_view event, const Args&... args) const {
    if (there()) nsp_.emit(event, args...);
  }

  /// One comes to this node.
  void on_arrival();
  /// Somebody may be there, until a count says otherwise.
  void suppose();
  /// On a shard: asks the cluster whether somebody is still there.
  void count();

 private:
  static constexpr std::uint64_t kThere = 1;
  static constexpr std::uint64_t kArrival = 2;

  void note_arrival();

  socketio::Namespace& nsp_;
  const std::function<void()> arrived_;
  std::atomic<std::uint64_t> state_ = 0;  ///< kThere, and how many have come, so that a count that they missed does not count
};

}  // namespace atrium::admin
