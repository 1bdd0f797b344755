#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "socketio/audience.h"
#include "socketio/episode.h"
#include "socketio/outgoing.h"
#include "socketio/recovery_log.h"

namespace atrium::socketio {

/// A lost client on its way from one server to another, in no server's own terms. A plain value.
struct HandedOver {
  struct Said {
    Outgoing event;          ///< without an offset
    Audience audience = {};  ///< empty: the client alone
    std::optional<Episode> episode = {};
  };

  std::string sid;
  std::vector<std::string> rooms;   ///< that it is in again as it comes
  std::vector<std::string> former;  ///< in which it was besides
  json::object data;
  std::vector<Said> missed;             ///< all of it, whether it is of any use still or not
  std::set<std::uint64_t> spared = {};  ///< see Recoverable::State
  /// What it had been told, or will be by `missed`, in the origins of the server that takes it over: whatever else was said to
  /// its rooms, there or elsewhere, it is told too. None: whoever hands it over sees to that.
  std::optional<RecoveryLog::Seen> seen = {};
  std::shared_ptr<const void> hold = {};  ///< see Recoverable::State
};

}  // namespace atrium::socketio
