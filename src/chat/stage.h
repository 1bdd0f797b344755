#pragma once

#include "chat/config.h"
#include "chat/directory.h"
#include "socketio/namespace.h"

namespace atrium::chat {

/// Where the chat plays: whom it speaks to and by which rules. Borrowed by every part, which it outlives.
struct Stage {
  const Config& config;
  socketio::Namespace& nsp;
  Directory& directory;
  net::ShardSet& shards;
};

}  // namespace atrium::chat
