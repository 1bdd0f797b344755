#pragma once

#include <exception>
#include <string_view>

#include "base/log.h"

namespace atrium::socketio {

/// Calls what the application has given us. What that throws ends nothing but itself: it is logged, as "`what` of `where`".
/// Whether it came to its end.
template <class Call>
bool call_guarded(std::string_view what, std::string_view where, Call&& call) {
  try {
    call();
    return true;
  } catch (const std::exception& error) {
    log::error("{} of {} failed: {}", what, where, error.what());
    return false;
  }
}

}  // namespace atrium::socketio
