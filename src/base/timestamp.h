#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace atrium {

/// RFC 3339 in UTC with milliseconds, as JavaScript's Date.toISOString(): "2026-01-31T08:15:30.123Z".
std::string to_iso8601(WallTime time);

/// The same read, with or without a fraction of the second (beyond milliseconds it is cut off), in UTC ("Z") or with an offset
/// ("+02:00"). None for anything else.
std::optional<WallTime> parse_iso8601(std::string_view text);

}  // namespace atrium
