#pragma once

#include <vector>

#include "base/keyed_buckets.h"
#include "chat/limits/event_limits.h"
#include "chat/limits/socket_quota.h"
#include "chat/reply.h"
#include "chat/stage.h"

namespace atrium::chat {

/// Holds back who is too fast or too many. What one socket does is counted with it; what a user says in a channel, at the
/// channel's home; how many sockets he has, at his own home shard. How much he says everywhere is counted by each shard for
/// the sockets it has, which on several shards lets through a little more and costs no hop: a message must not be overtaken by
/// what its sender does after it.
class Limiter final {
 public:
  explicit Limiter(const Stage& stage);

  /// An event has come. False: it is refused, and its client told. On the socket's shard; it may end the socket.
  bool admits(socketio::Socket& socket, const socketio::Event& event);
  /// A message of `user` is about to be stored. None, or how long he must wait. At the channel's home.
  std::optional<Duration> hold_back(const storage::ChannelId& channel, const storage::UserId& user);

  // On the socket's shard: it has shown a valid token, it has gone. With too many of one user the oldest goes.
  void enter(socketio::Socket& socket);
  void leave(const socketio::Socket& socket, const storage::UserId& user);

 private:
  /// One shard's counts.
  struct Counts {
    std::optional<KeyedBuckets> users;     ///< of what its sockets send
    std::optional<KeyedBuckets> channels;  ///< of what is sent to channels whose home it is, by channel and user
    SocketQuota quota;                     ///< of users whose home it is
  };

  Counts& here() { return counts_[net::Shard::current()->index()]; }
  Counts& home_of(const storage::UserId& user) { return counts_[stage_.shards.home_of(user.value).index()]; }

  const Stage& stage_;
  const EventRates rates_;
  std::vector<Counts> counts_;  ///< one a shard, touched by that shard only
};

}  // namespace atrium::chat
