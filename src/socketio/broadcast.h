#pragma once

#include <memory>
#include <optional>

#include "engineio/shared_message.h"
#include "socketio/episode.h"
#include "socketio/offset.h"
#include "socketio/outgoing.h"

namespace atrium::socketio {

/// What is said to an audience, encoded once. Immutable; travels between shards.
struct Broadcast {
  engineio::SharedMessagePtr message;
  bool may_drop = false;
  bool fleeting = false;  ///< said to one socket, and kept for nobody
  std::optional<Offset> offset = {};                  ///< where connection state recovery is on
  std::shared_ptr<const Outgoing> content = nullptr;  ///< the event itself, only where somebody watches what is sent
  std::optional<Episode> episode = {};                ///< what it is a part of

  /// What connection state recovery keeps of it; null: only its place.
  engineio::SharedMessagePtr kept() const {
    const bool passing = may_drop || (episode && episode->part == Episode::Part::again);
    return passing ? nullptr : message;
  }
};

}  // namespace atrium::socketio
