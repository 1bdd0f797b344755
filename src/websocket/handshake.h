#pragma once

#include <string>
#include <string_view>

namespace atrium::websocket {

/// The Sec-WebSocket-Accept that answers a Sec-WebSocket-Key (RFC 6455, section 4.2.2).
std::string accept_key(std::string_view key);

/// A Sec-WebSocket-Key is 16 octets in base64 (RFC 6455, section 4.1).
bool is_valid_key(std::string_view key);

}  // namespace atrium::websocket
