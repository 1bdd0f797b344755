#pragma once

#include <cstdint>
#include <string_view>

namespace atrium::engineio {

/// Why a session ended; the words are those of the official server, which applications compare.
enum class CloseReason : std::uint8_t {
  transport_close,  ///< the peer closed its connection, or sent a close packet
  transport_error,  ///< the peer broke the transport's rules, or the network failed
  ping_timeout,
  parse_error,
  forced_close,  ///< close() was called on the session
  server_shutting_down,
};

std::string_view to_string(CloseReason reason);

}  // namespace atrium::engineio
