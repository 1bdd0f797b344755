#pragma once

#include <string>

#include "socketio/socket.h"

namespace atrium::chat {

/// A socket as other shards know it. The shard is told beside the id, because a client that comes back by recovery keeps its id
/// and may find itself on another shard; it is the same socket.
struct SocketRef {
  std::string id;
  std::size_t shard = 0;

  friend bool operator==(const SocketRef& one, const SocketRef& other) { return one.id == other.id; }
  friend auto operator<=>(const SocketRef& one, const SocketRef& other) { return one.id <=> other.id; }
};

/// On the socket's shard.
inline SocketRef ref_of(const socketio::Socket& socket) { return {socket.id(), socket.shard().index()}; }

}  // namespace atrium::chat
