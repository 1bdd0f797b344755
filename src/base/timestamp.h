#pragma once

#include <string>

#include "base/clock.h"

namespace atrium {

/// RFC 3339 in UTC with milliseconds, as JavaScript's Date.toISOString(): "2026-01-31T08:15:30.123Z".
std::string to_iso8601(WallTime time);

}  // namespace atrium
