#pragma once

#include <atomic>

#include "chat/directory.h"
#include "socketio/server.h"

namespace atrium::chat {

/// The end of the server, announced: from then on it is not ready, takes no new connections, and ends those it has bit by bit,
/// by their transport, so that clients come back by themselves to whoever takes over. Nobody is told that they went.
class Drain final {
 public:
  /// Any thread.
  bool under_way() const { return under_way_; }

  /// Blocks until the clients have gone, or for `limit`. On a thread that serves nobody, while the shards run.
  void run(socketio::Server& server, Directory& directory, Duration limit);
  /// Blocks, on the same, until other nodes have fetched all whom this one has sent away; or for `limit`.
  static void await_handover(const socketio::Recovery& recovery, Duration limit);

 private:
  std::atomic<bool> under_way_ = false;
};

}  // namespace atrium::chat
