#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "socketio/disconnect_reason.h"
#include "socketio/event.h"

namespace atrium::socketio {

class Socket;

using EventHandler = std::function<void(Socket& socket, Event& event)>;
using DisconnectHandler = std::function<void(Socket& socket, DisconnectReason reason)>;

/// What is to happen on which event. A namespace has one for all its sockets, so that an idle socket pays nothing for it; a
/// socket may have one of its own.
struct Handlers {
  std::unordered_map<std::string, std::vector<EventHandler>> events;
  std::vector<DisconnectHandler> disconnecting;  ///< while the rooms are still known
  std::vector<DisconnectHandler> disconnect;
};

}  // namespace atrium::socketio
