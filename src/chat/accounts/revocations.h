#pragma once

#include <atomic>

#include "chat/failure.h"
#include "chat/live/viewers.h"
#include "chat/nodes/peers.h"
#include "socketio/namespace.h"
#include "storage/ids.h"

namespace atrium::chat {

/// Puts those out who were let in and may stay no longer: says why, then ends their connections, so that clients do not come
/// back by themselves; on all nodes. Any shard. Called when the database knows it already: who asks from then on is refused
/// there.
class Revocations final {
 public:
  Revocations(socketio::Namespace& nsp, Viewers& viewers, Peers& peers);

  void session_ended(const storage::SessionId& session);
  void user_deactivated(const storage::UserId& user);

  /// How many there have been. Who looks somebody up in the database and finds the count unchanged afterwards has seen the
  /// latest, and joins the rooms by which the next one finds him before it can.
  std::uint64_t count() const { return count_; }

 private:
  // On this node.
  void end(const storage::SessionId& session);
  void end(const storage::UserId& user);
  void put_out(std::string room, const Failure& why);

  socketio::Namespace& nsp_;
  Viewers& viewers_;
  Peers& peers_;
  std::atomic<std::uint64_t> count_ = 0;
};

}  // namespace atrium::chat
