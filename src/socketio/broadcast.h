#pragma once

#include <memory>
#include <optional>

#include "engineio/shared_message.h"
#include "socketio/offset.h"
#include "socketio/outgoing.h"
#include "socketio/topic.h"

namespace atrium::socketio {

/// What is said to an audience, encoded once. Immutable; travels between shards.
struct Broadcast {
  engineio::SharedMessagePtr message;
  bool may_drop = false;
  std::optional<Offset> offset = {};                  ///< where connection state recovery is on
  TopicPtr topic = nullptr;                           ///< the same
  std::shared_ptr<const Outgoing> content = nullptr;  ///< the event itself, only where somebody watches what is sent
};

}  // namespace atrium::socketio
