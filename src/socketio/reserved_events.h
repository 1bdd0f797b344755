#pragma once

#include <string_view>

namespace atrium::socketio {

/// Names that the library itself gives to events of a socket, on either side (Socket.IO 5, "Reserved events").
bool is_reserved_event(std::string_view name);

}  // namespace atrium::socketio
