#pragma once

#include <optional>
#include <string>

#include "net/deadline_queue.h"
#include "socketio/recovery.h"

namespace atrium::socketio {

/// What a socket keeps for the day its connection is lost. On the socket's shard, as long as the socket.
struct RecoveryCard final {
  explicit RecoveryCard(std::string private_id) : pid(std::move(private_id)), replay_age([this] { forget_replay(); }) {}

  const std::string pid;
  Restored restored;         ///< of a recovered client
  net::Deadline replay_age;  ///< until what it was told again is kept no more
  RecoveryLog::Position connected_at = 0;
  RecoveryLog::Position last_delivered = 0;
  std::optional<Offset> last_offset;

 private:
  void forget_replay() {
    auto& told = restored.missed;
    if (!told.empty()) told = {RecoveryLog::Item{told.back().offset, nullptr}};
  }
};

}  // namespace atrium::socketio
