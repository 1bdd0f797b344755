#pragma once

#include <cstdint>

namespace atrium::websocket {

/// Why a WebSocket is closed, as told to the peer (RFC 6455, section 7.4.1).
enum class CloseCode : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  unsupported_data = 1003,
  no_status = 1005,  ///< never on the wire: stands for a close frame without a code
  invalid_payload = 1007,
  policy_violation = 1008,
  too_big = 1009,
  internal_error = 1011,
};

}  // namespace atrium::websocket
