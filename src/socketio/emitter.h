#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/pending.h"
#include "socketio/audience.h"
#include "socketio/namespace_core.h"

namespace atrium::socketio {

class RemoteSocket;

/// Says something to many sockets of one namespace: an immutable chain, each link of which is an emitter of its own.
///
///     io.of("/chat").to("room1").except(socket.id()).emit("news", Story{...});
///     const AckAnswers answers = co_await io.to("room1").timeout(5s).emit_with_ack("ready?");
///
/// Any thread; borrowed from its namespace, which outlives it.
class Emitter final {
 public:
  explicit Emitter(NamespaceCore& core, Audience audience = {}, EmitFlags flags = {})
      : core_(&core), audience_(std::move(audience)), flags_(flags) {}

  /// Adds the members of `room` (which may be a socket's id). Who is in several is reached once.
  Emitter to(std::string room) const;
  Emitter to(std::vector<std::string> rooms) const;
  Emitter in(std::string room) const { return to(std::move(room)); }
  Emitter in(std::vector<std::string> rooms) const { return to(std::move(rooms)); }
  /// Leaves out the members of `room` (which may be a socket's id).
  Emitter except(std::string room) const;
  Emitter except(std::vector<std::string> rooms) const;
  /// A client that cannot take the event at once never gets it.
  Emitter volatile_() const;
  /// Only to the sockets of this node.
  Emitter local() const;
  /// false: not worth compressing.
  Emitter compress(bool worth_it) const;
  /// What the event tells about, see Topic.
  Emitter about(std::string topic, Turn turn) const;
  /// How long emit_with_ack() waits; kAckTimeout when this is not said.
  Emitter timeout(Duration duration) const;

  /// Encodes once; every receiver shares the octets. Throws std::logic_error for a reserved name.
  template <class... Args>
  void emit(std::string_view event, const Args&... args) const {
    send(Outgoing::of(event, args...));
  }
  /// `event` is the whole array, its first element the name.
  void send(const Outgoing& event) const;

  /// Asks everybody, and waits until all have answered or gone, or until the time is over. What came so far is in the answer,
  /// which tells by complete() whether that is everything.
  template <class... Args>
  net::Pending<AckAnswers> emit_with_ack(std::string_view event, const Args&... args) const {
    return ask(Outgoing::of(event, args...));
  }
  net::Pending<AckAnswers> ask(Outgoing event) const;

  /// Who is meant, on all nodes. What asks without handshakes gets a fraction of the octets.
  net::Pending<std::vector<RemoteSocket>> fetch_sockets(Detail detail = Detail::with_handshake) const;
  /// How many are meant, on all nodes.
  net::Pending<std::size_t> count_sockets() const;
  void sockets_join(std::string room) const { sockets_join(std::vector{std::move(room)}); }
  void sockets_join(std::vector<std::string> rooms) const;
  void sockets_leave(std::string room) const { sockets_leave(std::vector{std::move(room)}); }
  void sockets_leave(std::vector<std::string> rooms) const;
  void disconnect_sockets(Close close = Close::namespace_only) const;

 private:
  NamespaceCore* core_;
  Audience audience_;
  EmitFlags flags_;
};

}  // namespace atrium::socketio
