#pragma once

#include "chat/config.h"
#include "chat/directory.h"
#include "chat/operations/counters.h"
#include "socketio/namespace.h"

namespace atrium::chat {

class Activity;
class Drain;

/// Where the chat plays: whom it speaks to and by which rules. Borrowed by every part, which it outlives.
struct Stage {
  const Config& config;
  socketio::Namespace& nsp;
  Directory& directory;
  net::ShardSet& shards;
  Activity& activity;
  Counters& counters;
  const Drain& drain;
};

}  // namespace atrium::chat
