#pragma once

#include <string_view>

#include "base/bytes.h"
#include "engineio/close_reason.h"

namespace atrium::engineio {

class Session;

/// What a session tells the floor above. On the session's shard.
class SessionHandler {
 public:
  virtual ~SessionHandler() = default;
  virtual void on_open(Session& session) = 0;
  virtual void on_text(std::string_view text) = 0;
  virtual void on_binary(std::string_view octets) = 0;
  /// The client had not kept up, and now has taken all that waited for it: Session::keeps_up() has become true again.
  virtual void on_drain() {}
  /// Messages are carried by a WebSocket from now on, those that waited included.
  virtual void on_upgrade() {}
  /// The last call; the handler is destroyed at the end of the turn.
  virtual void on_close(CloseReason reason) = 0;
};

}  // namespace atrium::engineio
