#pragma once

#include <string>
#include <string_view>

#include "socketio/adapter.h"
#include "socketio/audience.h"
#include "socketio/outgoing.h"

namespace atrium::socketio {

/// Says something to many sockets of one namespace: an immutable chain, each link of which is an emitter of its own.
///
///     io.of("/chat").to("room1").except(socket.id()).emit("news", Story{...});
///
/// Any thread; borrowed from its namespace, which outlives it.
class Emitter final {
 public:
  Emitter(Adapter& adapter, std::string_view nsp, Audience audience = {})
      : adapter_(&adapter), nsp_(nsp), audience_(std::move(audience)) {}

  /// Adds the members of `room` (which may be a socket's id).
  Emitter to(std::string room) const;
  Emitter in(std::string room) const { return to(std::move(room)); }
  /// Leaves out the members of `room` (which may be a socket's id).
  Emitter except(std::string room) const;
  /// A client that cannot take the event at once never gets it.
  Emitter volatile_() const;

  /// Encodes once; every receiver shares the octets.
  template <class... Args>
  void emit(std::string_view event, const Args&... args) const {
    send(Outgoing::of(event, args...));
  }
  /// `event` is the whole array, its first element the name.
  void send(const Outgoing& event) const;

  void sockets_join(const std::string& room) const { adapter_->sockets_join(audience_, room); }
  void sockets_leave(const std::string& room) const { adapter_->sockets_leave(audience_, room); }
  void disconnect_sockets(Close close = Close::namespace_only) const { adapter_->disconnect_sockets(audience_, close); }

 private:
  Adapter* adapter_;
  std::string_view nsp_;
  Audience audience_;
};

}  // namespace atrium::socketio
