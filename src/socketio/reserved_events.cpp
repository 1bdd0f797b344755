#include "socketio/reserved_events.h"

#include <algorithm>
#include <array>

namespace atrium::socketio {

bool is_reserved_event(std::string_view name) {
  constexpr std::array<std::string_view, 6> kReserved = {"connect",       "connect_error", "disconnect",
                                                         "disconnecting", "newListener",   "removeListener"};
  return std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end();
}

}  // namespace atrium::socketio
