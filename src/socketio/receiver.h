#pragma once

#include <string>
#include <vector>

#include "socketio/ack_answer.h"
#include "socketio/broadcast.h"
#include "socketio/socket_info.h"

namespace atrium::socketio {

/// What a disconnection ends: the socket alone, or the connection with all its sockets.
enum class Close { namespace_only, connection };

/// A member of rooms, as the room index and the adapters see it: a socket. On its shard.
class Receiver {
 public:
  virtual ~Receiver() = default;
  virtual const std::string& id() const = 0;
  /// Never ends the receiver before the turn is over, so a walk over members may call it. `position`: where the shard's
  /// recovery log has it.
  virtual void deliver(const Broadcast& broadcast, std::uint64_t position) = 0;
  /// Delivers what asks for an acknowledgement. `callback` comes later, on this shard, once.
  virtual void ask(const Broadcast& broadcast, std::uint64_t ack_id, Duration timeout, AckCallback callback) = 0;
  virtual void join(const std::string& room) = 0;
  virtual void leave(const std::string& room) = 0;
  virtual void disconnect(Close close) = 0;
  virtual SocketInfo describe(Detail detail) const = 0;
};

}  // namespace atrium::socketio
