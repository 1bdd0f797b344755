#pragma once

#include "chat/nodes/facts.h"
#include "chat/presence/presence.h"

namespace atrium::chat {

/// How much this node has to do. On the presence's owner shard.
class OwnLoad final {
 public:
  OwnLoad(const Presence& presence, const Clock& clock);

  facts::Load look();

 private:
  const Presence& presence_;
  const Clock& clock_;
  const TimePoint since_;
  TimePoint looked_;
  Duration used_{};  ///< of processors, at the last look
};

}  // namespace atrium::chat
