#pragma once

#include <optional>
#include <string>

#include "socketio/packet.h"

namespace atrium::socketio {

/// Why a middleware turns somebody away. A client that wants to connect gets it as `connect_error`.
struct ConnectError {
  std::string message;
  std::optional<json::value> data = {};
};

}  // namespace atrium::socketio
