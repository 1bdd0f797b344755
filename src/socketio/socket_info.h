#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engineio/handshake.h"
#include "socketio/packet.h"

namespace atrium::socketio {

/// How much is asked about a socket: the handshake is many times the rest.
enum class Detail { without_handshake, with_handshake };

/// What is known about a socket from afar: a value, as of the moment when it was asked for.
struct SocketInfo {
  std::string id;
  std::string session;  ///< the id of the Engine.IO session that carries it
  std::string transport;
  std::vector<std::string> rooms;  ///< its id among them
  json::object data;
  std::optional<engineio::Handshake> handshake = {};
};

}  // namespace atrium::socketio
