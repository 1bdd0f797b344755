#pragma once

#include <optional>
#include <string>

#include "net/deadline_queue.h"
#include "socketio/recovery.h"

namespace atrium::socketio {

/// What a socket keeps for the day its connection is lost. On the socket's shard, as long as the socket.
struct RecoveryCard final {
  explicit RecoveryCard(std::string private_id)
      : pid(std::move(private_id)), forget_replay([this] { restored.missed.clear(); }) {}

  const std::string pid;
  Restored restored;  ///< of a recovered client; what it was told again is kept until that is old
  net::Deadline forget_replay;
  RecoveryLog::Position connected_at = 0;
  RecoveryLog::Position last_delivered = 0;
  std::optional<Offset> last_offset;
};

}  // namespace atrium::socketio
