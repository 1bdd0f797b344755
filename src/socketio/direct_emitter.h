#pragma once

#include <string_view>

#include "net/pending.h"
#include "socketio/ack_answer.h"
#include "socketio/emit_flags.h"
#include "socketio/emitter.h"
#include "socketio/outgoing.h"

namespace atrium::socketio {

class Socket;

/// Says something to one socket in a special way: an immutable chain, as Emitter is for many.
///
///     socket.volatile_().emit("position", Position{...});
///     const AckResult answer = co_await socket.timeout(5s).emit_with_ack("question");
///     socket.compress(false).to("room").emit("picture", octets);
///
/// On the socket's shard; borrowed from the socket for the statement.
class DirectEmitter final {
 public:
  DirectEmitter(Socket& socket, EmitFlags flags) : socket_(&socket), flags_(std::move(flags)) {}

  DirectEmitter volatile_() const;
  /// Not kept for connection state recovery, where every event of every client takes memory for as long as a lost one may
  /// come back. A client that was lost before it heard this is not recovered: it begins anew, and so nothing is lost with it.
  /// For what each client hears as it begins, and can be told again.
  DirectEmitter fleeting() const;
  DirectEmitter compress(bool worth_it) const;
  DirectEmitter in_episode(const Episode& episode) const;
  DirectEmitter timeout(Duration duration) const;

  /// As Socket::emit().
  template <class... Args>
  bool emit(std::string_view event, const Args&... args) const {
    return send(Outgoing::of(event, args...));
  }
  bool send(const Outgoing& event) const;
  template <class... Args>
  net::Pending<AckResult> emit_with_ack(std::string_view event, const Args&... args) const {
    return ask(Outgoing::of(event, args...));
  }
  net::Pending<AckResult> ask(Outgoing event) const;

  /// To others, in the same way.
  Emitter to(std::string room) const { return broadcast().to(std::move(room)); }
  Emitter in(std::string room) const { return to(std::move(room)); }
  Emitter except(std::string room) const { return broadcast().except(std::move(room)); }
  Emitter broadcast() const;

 private:
  Socket* socket_;
  EmitFlags flags_;
};

}  // namespace atrium::socketio
