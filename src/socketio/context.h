#pragma once

#include <memory>
#include <string>

#include "socketio/event.h"
#include "socketio/hold.h"
#include "socketio/refusal.h"

namespace atrium::socketio {

class Socket;

/// One event of a client, while its handler is at work. On the socket's shard; keeps the socket. A handler that is a coroutine
/// has its sender's later events wait until it ends, or until it calls let_next_in().
class Context final {
 public:
  /// `event` outlives it.
  Context(std::shared_ptr<Socket> socket, Event& event, Hold hold = {})
      : socket_(std::move(socket)), event_(event), hold_(std::move(hold)) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  Socket& socket() const { return *socket_; }
  const std::shared_ptr<Socket>& shared_socket() const { return socket_; }
  Event& event() const { return event_; }
  const Ack& ack() const { return event_.ack; }
  /// What must be done in the order of asking has been done: the next event of this socket need not wait for the rest.
  void let_next_in() { hold_.release(); }

 private:
  std::shared_ptr<Socket> socket_;
  Event& event_;
  Hold hold_;
};

/// Tells the client: `{"ok":false,"error":{"code","message","field"?,"event"}}` as the acknowledgement if it asked for one,
/// else the inner object as an `error` event.
void refuse(Socket& socket, const Event& event, const Refusal& refusal);

}  // namespace atrium::socketio
