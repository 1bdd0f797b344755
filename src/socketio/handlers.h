#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "socketio/connect_error.h"
#include "socketio/disconnect_reason.h"
#include "socketio/event.h"
#include "socketio/handler_list.h"
#include "socketio/outgoing.h"

namespace atrium::socketio {

class Socket;

using EventHandler = std::function<void(Socket& socket, Event& event)>;
using OutgoingHandler = std::function<void(Socket& socket, const Outgoing& event)>;
using DisconnectHandler = std::function<void(Socket& socket, DisconnectReason reason)>;
using UpgradeHandler = std::function<void(Socket& socket)>;
using DrainHandler = std::function<void(Socket& socket)>;
using ErrorHandler = std::function<void(Socket& socket, const ConnectError& error)>;

/// Goes on with the next middleware, or with the handlers; or refuses. Call it once, at once or later, on the socket's shard.
using Next = std::function<void(std::optional<ConnectError> error)>;
/// Judges every event of a socket before its handlers. What the socket sends meanwhile waits, so that the order stays.
using EventMiddleware = std::function<void(Socket& socket, Event& event, Next next)>;

/// What another node says by server_side_emit(). `answer` is empty when it asked for none.
using ServerSideHandler = std::function<void(const json::array& args, const std::function<void(json::value)>& answer)>;
using ServerSideHandlers = std::unordered_map<std::string, std::vector<ServerSideHandler>>;

/// What is to happen on which event. A namespace has one for all its sockets, so that an idle socket pays nothing for it; a
/// socket may have one of its own.
struct Handlers {
  std::unordered_map<std::string, HandlerList<EventHandler>> events;
  HandlerList<EventHandler> any;  ///< whatever comes, before those of the event itself
  HandlerList<OutgoingHandler> any_outgoing;
  HandlerList<EventMiddleware> middleware;
  HandlerList<DisconnectHandler> disconnecting;  ///< while the rooms are still known
  HandlerList<DisconnectHandler> disconnect;
  HandlerList<UpgradeHandler> upgrade;  ///< its connection is a WebSocket now, and was polling
  HandlerList<DrainHandler> drain;      ///< the client has taken all that had piled up
  HandlerList<ErrorHandler> error;      ///< an event was refused by middleware
  HandlerList<EventHandler> overflow;   ///< an event for which no place was left to wait; without one, it is refused

  HandlerId next_id() { return ++last_id; }
  HandlerId last_id = 0;
};

}  // namespace atrium::socketio
