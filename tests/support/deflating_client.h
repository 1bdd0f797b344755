#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "tests/support/client_frame.h"
#include "tests/support/tcp_client.h"
#include "tests/support/zlib_stream.h"

namespace atrium::test {

/// A WebSocket client that offers permessage-deflate, in zlib's own words: it shares no code with the server.
class DeflatingClient final {
 public:
  struct Frame {
    websocket::Opcode opcode;
    bool deflated;
    std::string wire;     ///< as it came, with its head
    std::string message;  ///< inflated where it was deflated
  };

  static std::string request(std::string_view target, std::string_view headers) {
    return "GET " + std::string(target) +
           " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
           std::string(headers) + "\r\n";
  }

  /// `offer` as browsers make it.
  DeflatingClient(TcpClient connection, std::string_view target,
                  std::string_view offer = "permessage-deflate; client_max_window_bits")
      : tcp_(std::move(connection)) {
    tcp_.send(request(target, "Sec-WebSocket-Extensions: " + std::string(offer) + "\r\n"));
    const auto head = tcp_.read_head();
    if (head.status != 101) throw std::runtime_error("no WebSocket but " + std::to_string(head.status));
    if (const auto found = head.headers.find("sec-websocket-extensions"); found != head.headers.end()) answer_ = found->second;
  }

  /// The server's Sec-WebSocket-Extensions.
  const std::string& answer() const { return answer_; }

  void deflated_text(std::string_view text) { send_deflated(websocket::Opcode::text, text); }
  void deflated_binary(std::string_view octets) { send_deflated(websocket::Opcode::binary, octets); }
  /// `payload` as it is, with RSV1.
  void raw(websocket::Opcode opcode, std::string_view payload) {
    std::string frame = client_frame(opcode, payload);
    frame[0] = static_cast<char>(frame[0] | 0x40);
    tcp_.send(frame);
  }

  Frame read() {
    Frame frame{};
    frame.wire = tcp_.read_exactly(2);
    const auto first = static_cast<unsigned char>(frame.wire[0]);
    std::size_t size = static_cast<unsigned char>(frame.wire[1]);
    if (size >= 126) {
      const std::string length = tcp_.read_exactly(size == 126 ? 2 : 8);
      frame.wire += length;
      size = 0;
      for (const char octet : length) size = size << 8 | static_cast<unsigned char>(octet);
    }
    const std::string payload = tcp_.read_exactly(size);
    frame.wire += payload;
    frame.opcode = static_cast<websocket::Opcode>(first & 0x0f);
    frame.deflated = (first & 0x40) != 0;
    frame.message = frame.deflated ? zlib_inflate_message(payload) : payload;
    return frame;
  }

  TcpClient& tcp() { return tcp_; }

 private:
  void send_deflated(websocket::Opcode opcode, std::string_view message) { raw(opcode, ZlibDeflater().message(message)); }

  TcpClient tcp_;
  std::string answer_;
};

}  // namespace atrium::test
