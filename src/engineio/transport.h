#pragma once

#include <string_view>

#include "engineio/close_reason.h"
#include "engineio/packet.h"
#include "engineio/shared_message.h"

namespace atrium::engineio {

class Transport;

/// Whom a transport tells what arrives: its session. On the session's shard.
class TransportOwner {
 public:
  virtual ~TransportOwner() = default;
  /// `from` can be written to from now on. Only for transports that open by themselves (WebSocket).
  virtual void on_transport_open(Transport& from) = 0;
  virtual void on_packet(Transport& from, const Packet& packet) = 0;
  /// keeps_up() has become true again: all that waited in `from` has been taken.
  virtual void on_transport_drained(Transport& from) = 0;
  /// The last call of that transport. It is destroyed at the end of the turn at the earliest.
  virtual void on_transport_end(Transport& from, CloseReason reason) = 0;
};

/// One way to reach a client. Bound to one session, on its shard.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual std::string_view name() const = 0;
  virtual void send(const SharedMessagePtr& message) = 0;
  /// What is sent now leaves at the end of this turn, as far as can be told: the measure for volatile messages.
  virtual bool writable() const = 0;
  /// Octets that wait for the client.
  virtual std::size_t buffered() const = 0;
  /// False from when the client has not taken what it was sent, until it has taken all of it.
  virtual bool keeps_up() const = 0;
  /// Sends what waits, then a close if the transport has one, then ends. The owner gets no more calls.
  virtual void close() = 0;
};

}  // namespace atrium::engineio
