#pragma once

#include "chat/config.h"
#include "chat/directory.h"
#include "chat/operations/counters.h"
#include "socketio/namespace.h"

namespace atrium::chat {

class Activity;
class Drain;
class Peers;

/// Where the chat plays: whom it speaks to and by which rules. Borrowed by every part, which it outlives.
struct Stage {
  const Config& config;
  socketio::Namespace& nsp;
  Directory& directory;
  net::ShardSet& shards;
  Activity& activity;
  Counters& counters;
  const Drain& drain;
  Peers& peers;

  /// The clients of this node. Those of the others hear of it from their own nodes, which are told by `peers`. The original
  /// application knows no such thing: in profile seed what is said reaches the clients of all nodes as it is.
  socketio::Emitter here() const { return config.seed() ? nsp.everyone() : nsp.local(); }
  /// What is said here must be told to `peers`.
  bool one_of_many() const { return !config.redis.empty() && !config.seed(); }
};

}  // namespace atrium::chat
