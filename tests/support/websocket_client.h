#pragma once

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "tests/support/client_frame.h"
#include "tests/support/tcp_client.h"

namespace atrium::test {

/// The client's end of one WebSocket: blocking, whole frames only, as a server of ours writes them.
class WebSocketClient final {
 public:
  struct Frame {
    websocket::Opcode opcode;
    std::string payload;
  };

  /// Asks `target` for a WebSocket and expects to be given one.
  WebSocketClient(TcpClient connection, std::string_view target) : tcp_(std::move(connection)) {
    tcp_.send(request(target));
    const auto head = tcp_.read_head();
    if (head.status != 101) throw std::runtime_error("no WebSocket but " + std::to_string(head.status));
  }

  static std::string request(std::string_view target) {
    return "GET " + std::string(target) +
           " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  }

  void text(std::string_view payload) { tcp_.send(client_frame(websocket::Opcode::text, payload)); }
  void binary(std::string_view octets) { tcp_.send(client_frame(websocket::Opcode::binary, octets)); }
  void say_goodbye() { tcp_.send(client_frame(websocket::Opcode::close, "\x03\xe8")); }

  Frame read() {
    const std::string head = tcp_.read_exactly(2);
    const auto opcode = static_cast<websocket::Opcode>(head[0] & 0x0f);
    std::size_t size = static_cast<unsigned char>(head[1]);
    if (size >= 126) {
      const std::string length = tcp_.read_exactly(size == 126 ? 2 : 8);
      size = 0;
      for (const char octet : length) size = size << 8 | static_cast<unsigned char>(octet);
    }
    return {opcode, tcp_.read_exactly(size)};
  }

  std::string read_text() { return read_as(websocket::Opcode::text); }
  std::string read_binary() { return read_as(websocket::Opcode::binary); }

  /// The server says goodbye, and nothing else before.
  bool ended() { return read().opcode == websocket::Opcode::close; }

  TcpClient& tcp() { return tcp_; }

 private:
  std::string read_as(websocket::Opcode expected) {
    Frame frame = read();
    if (frame.opcode != expected) {
      throw std::runtime_error("a frame of kind " + std::to_string(static_cast<int>(frame.opcode)) + " came: " + frame.payload);
    }
    return std::move(frame.payload);
  }

  TcpClient tcp_;
};

}  // namespace atrium::test
