#include "wire.h"

#include <cstdint>

namespace atrium::bench {

std::string client_frame(std::string_view text) {
  constexpr unsigned char kMask[4] = {0x37, 0xfa, 0x21, 0x3d};
  std::string frame;
  frame.push_back(static_cast<char>(0x81));
  if (text.size() < 126) {
    frame.push_back(static_cast<char>(0x80 | text.size()));
  } else {
    frame.push_back(static_cast<char>(0x80 | 126));
    frame.push_back(static_cast<char>(text.size() >> 8));
    frame.push_back(static_cast<char>(text.size()));
  }
  frame.append(reinterpret_cast<const char*>(kMask), sizeof kMask);
  for (std::size_t i = 0; i < text.size(); ++i) frame.push_back(static_cast<char>(text[i] ^ kMask[i % 4]));
  return frame;
}

std::string upgrade_request() {
  return "GET /ws/?EIO=4&transport=websocket HTTP/1.1\r\n"
         "Host: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: YXRyaXVtIGJlbmNobWFyaw==\r\n\r\n";
}

std::optional<ServerFrame> read_frame(std::string_view octets) {
  if (octets.size() < 2) return std::nullopt;
  const auto at = [&](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(octets[i])); };
  std::uint64_t length = at(1) & 0x7f;
  std::size_t head = 2;
  if (length == 126) {
    if (octets.size() < 4) return std::nullopt;
    length = at(2) << 8 | at(3);
    head = 4;
  } else if (length == 127) {
    if (octets.size() < 10) return std::nullopt;
    length = 0;
    for (std::size_t i = 2; i < 10; ++i) length = length << 8 | at(i);
    head = 10;
  }
  if (octets.size() - head < length) return std::nullopt;
  return ServerFrame{octets.substr(head, length), head + static_cast<std::size_t>(length), static_cast<unsigned>(at(0) & 0x0f)};
}

}  // namespace atrium::bench
