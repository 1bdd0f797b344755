#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::socketio {

/// Names one event for connection state recovery: who said it, and its place among all that this one said in the namespace.
/// Clients get it as the last argument of the event, as part of an opaque word.
struct Offset {
  std::uint32_t origin = 0;  ///< see RecoveryLog
  std::uint64_t number = 0;  ///< counts from 1

  friend bool operator==(const Offset&, const Offset&) = default;
};

/// "origin.number", both in base 36.
std::string to_string(const Offset& offset);
std::optional<Offset> parse_offset(std::string_view text);

}  // namespace atrium::socketio
