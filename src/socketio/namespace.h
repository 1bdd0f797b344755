#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "socketio/emitter.h"
#include "socketio/namespace_core.h"
#include "socketio/remote_socket.h"
#include "socketio/room_events.h"
#include "socketio/socket.h"
#include "socketio/typed_handler.h"

namespace atrium::socketio {

using Middleware = std::function<void(Socket& socket, Next next)>;
using ConnectionHandler = std::function<void(Socket& socket)>;

/// A channel of its own on the connections of the server, such as "/" or "/chat". What it does is fixed before the server
/// starts (for a child of a dynamic namespace: before its first socket); then all shards share it.
class Namespace final {
 public:
  explicit Namespace(std::shared_ptr<NamespaceCore> core);

  const std::string& name() const { return core_->name; }
  const std::shared_ptr<NamespaceCore>& core() const { return core_; }

  // Before the server starts. Each handler is called on the shard of the socket.
  /// Judges every client before it is connected, in the order of adding.
  void use(Middleware middleware) { middleware_.push_back(std::move(middleware)); }
  /// Called right after the client was told that it is connected.
  void on_connection(ConnectionHandler handler) { on_connection_.push_back(std::move(handler)); }
  /// The same, before those that were added so far: for who watches, and must have seen a socket before it is put to use.
  void prepend_connection(ConnectionHandler handler) { on_connection_.insert(on_connection_.begin(), std::move(handler)); }
  /// A handler for every socket of the namespace. See typed_handler.h for what it may take.
  template <class F>
  void on(const std::string& event, F handler) {
    add_event(event, make_handler(std::move(handler)));
  }
  void add_event(const std::string& event, EventHandler handler) { handlers().events[event].add(id(), std::move(handler)); }
  void on_any(EventHandler handler) { handlers().any.add(id(), std::move(handler)); }
  void on_any_outgoing(OutgoingHandler handler);
  /// Judges every event of every socket before its handlers.
  void use_event(EventMiddleware middleware) { handlers().middleware.add(id(), std::move(middleware)); }
  void on_error(ErrorHandler handler) { handlers().error.add(id(), std::move(handler)); }
  /// For events that find no place to wait; without one they are refused.
  void on_overflow(EventHandler handler) { handlers().overflow.add(id(), std::move(handler)); }
  /// The connection of a socket has become a WebSocket; it was polling before.
  void on_upgrade(UpgradeHandler handler) { handlers().upgrade.add(id(), std::move(handler)); }
  void on_drain(DrainHandler handler) { handlers().drain.add(id(), std::move(handler)); }
  void on_disconnecting(DisconnectHandler handler) { handlers().disconnecting.add(id(), std::move(handler)); }
  void on_disconnect(DisconnectHandler handler) { handlers().disconnect.add(id(), std::move(handler)); }
  /// For another node's server_side_emit(), on the first shard. Throws std::logic_error for a reserved name.
  void on_server_side(const std::string& event, ServerSideHandler handler);
  /// What happens to the rooms of this process.
  RoomEvents& rooms() { return room_events_; }

  // Any thread.
  Emitter everyone() const { return Emitter(*core_); }
  Emitter to(std::string room) const { return everyone().to(std::move(room)); }
  Emitter in(std::string room) const { return to(std::move(room)); }
  Emitter except(std::string room) const { return everyone().except(std::move(room)); }
  Emitter volatile_() const { return everyone().volatile_(); }
  Emitter local() const { return everyone().local(); }
  Emitter compress(bool worth_it) const { return everyone().compress(worth_it); }
  Emitter timeout(Duration duration) const { return everyone().timeout(duration); }
  template <class... Args>
  void emit(std::string_view event, const Args&... args) const {
    everyone().emit(event, args...);
  }
  template <class... Args>
  net::Pending<AckAnswers> emit_with_ack(std::string_view event, const Args&... args) const {
    return everyone().emit_with_ack(event, args...);
  }
  net::Pending<std::vector<RemoteSocket>> fetch_sockets(Detail detail = Detail::with_handshake) const {
    return everyone().fetch_sockets(detail);
  }
  net::Pending<std::size_t> count_sockets() const { return everyone().count_sockets(); }
  void sockets_join(std::string room) const { everyone().sockets_join(std::move(room)); }
  void sockets_leave(std::string room) const { everyone().sockets_leave(std::move(room)); }
  void disconnect_sockets(Close close = Close::namespace_only) const { everyone().disconnect_sockets(close); }

  /// Encodes an event ahead, for whoever says it many times. Throws std::logic_error for a reserved name.
  template <class... Args>
  Prepared prepare(std::string_view event, const Args&... args) const {
    return prepare(Outgoing::of(event, args...));
  }
  Prepared prepare(Outgoing event) const { return make_prepared(*core_, std::move(event)); }

  /// To the other nodes of the cluster, never to this one. Throws std::logic_error for a reserved name.
  template <class... Args>
  void server_side_emit(std::string_view event, const Args&... args) const {
    tell_servers(Outgoing::of(event, args...));
  }
  /// The answers of those nodes that gave one in time.
  template <class... Args>
  net::Pending<std::vector<json::value>> server_side_emit_with_ack(std::string_view event, const Args&... args) const {
    return ask_servers(Outgoing::of(event, args...));
  }

  // For the connection, on the socket's shard.
  /// Runs the middleware, then `admitted` with the first refusal or with none. Not called when the socket goes meanwhile.
  void judge(const std::shared_ptr<Socket>& socket, Next admitted) const;
  void welcome(Socket& socket) const;

  // For the table of namespaces.
  /// Takes over what `parent` does: middleware, handlers.
  void inherit(const Namespace& parent);

 private:
  Handlers& handlers() { return core_->handlers; }
  HandlerId id() { return handlers().next_id(); }
  void tell_servers(Outgoing event) const;
  net::Pending<std::vector<json::value>> ask_servers(Outgoing event) const;
  void judge_from(std::size_t index, const std::shared_ptr<Socket>& socket, Next admitted) const;

  const std::shared_ptr<NamespaceCore> core_;
  std::vector<Middleware> middleware_;
  std::vector<ConnectionHandler> on_connection_;
  RoomEvents room_events_;
};

}  // namespace atrium::socketio
