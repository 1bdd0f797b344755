#pragma once

#include <cstddef>

#include "engineio/close_reason.h"

namespace atrium::engineio {

class Session;

/// Whoever counts what passes, below all namespaces: the raw material of statistics. Called on the shard of the session, from
/// all shards at once, in the midst of the work: count and return. Octets are those of the packets' data, whatever the
/// transport makes of them.
class TrafficObserver {
 public:
  virtual ~TrafficObserver() = default;
  virtual void on_connection(const Session& session) = 0;
  /// A polling session has become one of a WebSocket.
  virtual void on_upgrade(const Session&) {}
  virtual void on_disconnection(const Session& session, CloseReason reason) = 0;
  virtual void on_packets_in(const Session& session, std::size_t packets, std::size_t octets) = 0;
  virtual void on_packets_out(const Session& session, std::size_t packets, std::size_t octets) = 0;
};

}  // namespace atrium::engineio
