#pragma once

#include "chat/socket_ref.h"

namespace atrium::chat {

/// "a1"_socket: a socket of that id, on shard 0.
inline SocketRef operator""_socket(const char* id, std::size_t size) { return {.id = std::string(id, size)}; }

}  // namespace atrium::chat
