#pragma once

#include <memory>
#include <string>

#include "net/deadline_queue.h"
#include "socketio/recovery.h"

namespace atrium::socketio {

/// What a recovered client has brought along.
struct Comeback final {
  explicit Comeback(Restored found) : restored(std::move(found)), replay_age([this] { forget_replay(); }) {}

  Restored restored;
  net::Deadline replay_age;  ///< until what it was told again, and its rooms, are kept no more

 private:
  void forget_replay() {
    auto& told = restored.missed;
    if (!told.empty()) told = {RecoveryLog::Item{told.back().offset, nullptr}};
    restored.hold.reset();
  }
};

/// What a socket keeps for the day its connection is lost. On the socket's shard, as long as the socket.
struct RecoveryCard final {
  explicit RecoveryCard(std::string private_id) : pid(std::move(private_id)) {}

  const std::string pid;
  std::unique_ptr<Comeback> comeback;  ///< only of a recovered client
  RecoveryLog::Heard heard;
  bool forsaken = false;  ///< if it is lost now its client begins anew
};

}  // namespace atrium::socketio
