#pragma once

#include <cstdint>
#include <string_view>

#include "engineio/close_reason.h"

namespace atrium::socketio {

/// Why a socket was disconnected; the words are those of the official server, which applications compare.
enum class DisconnectReason : std::uint8_t {
  transport_close,
  transport_error,
  ping_timeout,
  parse_error,
  forced_close,  ///< the client broke the protocol
  server_shutting_down,
  forced_server_close,  ///< the server closed the connection that carried the socket
  client_namespace_disconnect,
  server_namespace_disconnect,
};

std::string_view to_string(DisconnectReason reason);
DisconnectReason to_disconnect_reason(engineio::CloseReason reason);

}  // namespace atrium::socketio
