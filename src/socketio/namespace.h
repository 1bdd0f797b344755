#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "socketio/emitter.h"
#include "socketio/handlers.h"
#include "socketio/socket.h"
#include "socketio/typed_handler.h"

namespace atrium::socketio {

/// Why a middleware turns a client away; the client gets it as `connect_error`.
struct ConnectError {
  std::string message;
  std::optional<json::value> data = {};
};

/// Goes on with the next middleware, or refuses. Call it once, at once or later, on the socket's shard.
using Next = std::function<void(std::optional<ConnectError> error)>;
using Middleware = std::function<void(Socket& socket, Next next)>;
using ConnectionHandler = std::function<void(Socket& socket)>;

/// A channel of its own on the connections of the server, such as "/" or "/chat". What it does is fixed before the server
/// starts; then all shards share it.
class Namespace final {
 public:
  Namespace(std::string name, std::unique_ptr<Adapter> adapter);

  const std::string& name() const { return name_; }
  Adapter& adapter() { return *adapter_; }

  // Before the server starts.
  /// Judges every client before it is connected, in the order of adding.
  void use(Middleware middleware) { middleware_.push_back(std::move(middleware)); }
  /// Called right after the client was told that it is connected.
  void on_connection(ConnectionHandler handler) { on_connection_.push_back(std::move(handler)); }
  /// A handler for every socket of the namespace. See typed_handler.h for what it may take.
  template <class F>
  void on(std::string event, F handler) {
    handlers_.events[std::move(event)].push_back(make_handler(std::move(handler)));
  }
  void on_disconnecting(DisconnectHandler handler) { handlers_.disconnecting.push_back(std::move(handler)); }
  void on_disconnect(DisconnectHandler handler) { handlers_.disconnect.push_back(std::move(handler)); }

  // Any thread.
  Emitter everyone() const { return Emitter(*adapter_, name_); }
  Emitter to(std::string room) const { return everyone().to(std::move(room)); }
  Emitter in(std::string room) const { return to(std::move(room)); }
  Emitter except(std::string room) const { return everyone().except(std::move(room)); }
  Emitter volatile_() const { return everyone().volatile_(); }
  template <class... Args>
  void emit(std::string_view event, const Args&... args) const {
    everyone().emit(event, args...);
  }

  // For the connection, on the socket's shard.
  const Handlers& handlers() const { return handlers_; }
  /// Runs the middleware, then `admitted` with the first refusal or with none. Not called when the socket goes meanwhile.
  void judge(const std::shared_ptr<Socket>& socket, Next admitted) const;
  void welcome(Socket& socket) const;

 private:
  void judge_from(std::size_t index, const std::shared_ptr<Socket>& socket, Next admitted) const;

  const std::string name_;
  const std::unique_ptr<Adapter> adapter_;
  std::vector<Middleware> middleware_;
  std::vector<ConnectionHandler> on_connection_;
  Handlers handlers_;
};

}  // namespace atrium::socketio
