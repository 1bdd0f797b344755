#pragma once

#include <string>

#include "engineio/shared_message.h"

namespace atrium::socketio {

enum class Close { namespace_only, connection };

/// A member of rooms, as the room index and the adapters see it: a socket. On its shard.
class Receiver {
 public:
  virtual ~Receiver() = default;
  virtual const std::string& id() const = 0;
  /// Never ends the receiver before the turn is over, so a walk over members may call it. `may_drop`: not when it is busy.
  virtual void deliver(const engineio::SharedMessagePtr& message, bool may_drop) = 0;
  virtual void join(const std::string& room) = 0;
  virtual void leave(const std::string& room) = 0;
  virtual void disconnect(Close close) = 0;
};

}  // namespace atrium::socketio
