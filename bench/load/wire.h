#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::bench {

/// A masked text frame, as a client must send it (RFC 6455 5.3). The mask is fixed: the server has the same work with any.
std::string client_frame(std::string_view text);

/// The request that opens a WebSocket straight away, without polling first.
std::string upgrade_request();

/// One frame at the front of `octets`, which a server sends whole and unmasked. Payload and size in one look.
struct ServerFrame {
  std::string_view payload;
  std::size_t size = 0;  ///< octets of the frame with its head
  unsigned opcode = 0;
};
/// None when the frame is not whole yet.
std::optional<ServerFrame> read_frame(std::string_view octets);

}  // namespace atrium::bench
