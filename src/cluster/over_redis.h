#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "socketio/server_options.h"

namespace atrium::cluster {

/// How the nodes hear of each other. All nodes of a cluster do it in one way.
enum class RedisMode {
  classic,  ///< pub/sub, any Redis: createAdapter() of npm's @socket.io/redis-adapter 8; @socket.io/redis-emitter reaches it
  sharded,  ///< sharded pub/sub, a Redis 7: createShardedAdapter(); a node hears only of rooms that somebody of it is in
  streams,  ///< a stream: @socket.io/redis-streams-adapter 0.3; a node that was cut off misses nothing
};

/// A cluster whose nodes hear of each other over a Redis.
struct RedisOptions {
  std::string url = "redis://127.0.0.1:6379";  ///< see redis/address.h
  RedisMode mode = RedisMode::classic;
  std::string key = "socket.io";                ///< with which the names of all channels begin; the same on every node
  Duration patience = std::chrono::seconds(5);  ///< for the answers of other nodes, where the asker does not say
  /// Where connection state recovery is on, clients that were lost on another node are recovered too.
  bool recovery = true;
  /// Told on the first shard whether the cluster is within reach. While it is not, this node goes on by itself.
  std::function<void(bool up)> on_change = {};
};

/// For ServerOptions::adapter, of one server:
///
///     Server io({.adapter = cluster::over_redis({.url = "redis://10.0.0.7"})});
///
/// Nodes of npm's `socket.io` may be in the same cluster, with the adapter of the mode. Throws std::invalid_argument, in words
/// for whoever wrote the address.
decltype(socketio::ServerOptions::adapter) over_redis(RedisOptions options);

}  // namespace atrium::cluster
