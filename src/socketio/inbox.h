#pragma once

#include <deque>

#include "socketio/packet.h"

namespace atrium::socketio {

/// Events of one client that wait while something before them is still being done. On the socket's shard; bounded.
class Inbox final {
 public:
  struct Limits {
    std::size_t events;
    std::size_t octets;
  };

  /// No place is left for a packet of that size.
  bool full(std::size_t octets, const Limits& limits) const {
    return waiting_.size() >= limits.events || octets_ + octets > limits.octets;
  }
  void push(Packet packet, std::size_t octets) {
    octets_ += octets;
    waiting_.push_back({std::move(packet), octets});
  }
  bool empty() const { return waiting_.empty(); }
  Packet pop() {
    Waiting first = std::move(waiting_.front());
    waiting_.pop_front();
    octets_ -= first.octets;
    return std::move(first.packet);
  }

 private:
  struct Waiting {
    Packet packet;
    std::size_t octets;
  };
  std::deque<Waiting> waiting_;
  std::size_t octets_ = 0;
};

}  // namespace atrium::socketio
