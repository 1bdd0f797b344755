#pragma once

#include "base/clock.h"
#include "socketio/topic.h"

namespace atrium::socketio {

/// How something is said.
struct EmitFlags {
  bool may_drop = false;  ///< volatile: whoever cannot take it at once goes without
  bool compress = true;   ///< false: not worth compressing, as what is random or compressed already
  Duration timeout{};     ///< of acknowledgements; zero: none for one socket, kAckTimeout for many
  TopicPtr topic = {};    ///< null: every client that is recovered is told what it missed
};

inline constexpr Duration kAckTimeout = std::chrono::seconds(10);

}  // namespace atrium::socketio
