#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/clock.h"
#include "engineio/options.h"
#include "socketio/namespace_core.h"
#include "socketio/recovery.h"
#include "socketio/wire.h"

namespace atrium::socketio {

/// The server's options, with the official names and defaults where there are such.
struct ServerOptions {
  std::string path = "/socket.io";  ///< where clients connect; requests below it never reach the HTTP handler
  unsigned shards = 0;              ///< threads that serve; 0: one for each core
  Duration ping_interval = std::chrono::milliseconds(25'000);
  Duration ping_timeout = std::chrono::milliseconds(20'000);
  Duration upgrade_timeout = std::chrono::milliseconds(10'000);
  Duration connect_timeout = std::chrono::milliseconds(45'000);  ///< to join a first namespace
  std::size_t max_payload = 1'000'000;                           ///< octets of one message, and of one HTTP body
  std::size_t max_buffered = 4'194'304;                          ///< octets that may wait for one client
  std::size_t max_attachments = 10;                              ///< binary parts of one packet
  bool polling = true;
  bool websocket = true;
  bool allow_upgrades = true;
  Parser parser = Parser::json;
  bool cleanup_empty_child_namespaces = false;  ///< of dynamic ones
  std::optional<RecoveryOptions> connection_state_recovery = {};
  SocketLimits limits = {};
};

}  // namespace atrium::socketio
