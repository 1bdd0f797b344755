#pragma once

#include <optional>

#include "base/clock.h"
#include "socketio/episode.h"

namespace atrium::socketio {

/// How something is said.
struct EmitFlags {
  bool may_drop = false;                ///< volatile: whoever cannot take it at once goes without
  bool fleeting = false;                ///< connection state recovery keeps it for nobody, see DirectEmitter::fleeting()
  bool compress = true;                 ///< false: not worth compressing, as what is random or compressed already
  Duration timeout{};                   ///< of acknowledgements; zero: none for one socket, kAckTimeout for many
  std::optional<Episode> episode = {};  ///< what it is a part of
};

inline constexpr Duration kAckTimeout = std::chrono::seconds(10);

}  // namespace atrium::socketio
