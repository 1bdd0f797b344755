#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "socketio/audience.h"
#include "socketio/episode.h"
#include "socketio/outgoing.h"

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
};

}  // namespace atrium::socketio
