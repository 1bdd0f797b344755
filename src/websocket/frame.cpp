#include "websocket/frame.h"

#include <cstddef>

namespace atrium::websocket {

namespace {

constexpr std::uint8_t kFin = 0x80;
constexpr std::uint8_t kDeflated = 0x40;  // RSV1
constexpr std::size_t kMaxReason = 123;   // a control frame carries 125 octets, two of them the code

void append_big_endian(std::string& to, std::uint64_t number, int octets) {
  for (int shift = (octets - 1) * 8; shift >= 0; shift -= 8) to.push_back(static_cast<char>(number >> shift & 0xff));
}

/// `text` up to `size` octets, without a character cut in two.
std::string_view cut(std::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  const auto is_continuation = [](char c) { return (static_cast<std::uint8_t>(c) & 0xc0) == 0x80; };
  while (size > 0 && is_continuation(text[size])) --size;
  return text.substr(0, size);
}

}  // namespace

void append_frame(std::string& to, Opcode opcode, std::string_view payload, Coding coding) {
  to.reserve(to.size() + 10 + payload.size());
  const std::uint8_t flags = coding == Coding::deflated ? kFin | kDeflated : kFin;
  to.push_back(static_cast<char>(flags | static_cast<std::uint8_t>(opcode)));
  if (payload.size() < 126) {
    to.push_back(static_cast<char>(payload.size()));
  } else if (payload.size() <= 0xffff) {
    to.push_back(126);
    append_big_endian(to, payload.size(), 2);
  } else {
    to.push_back(127);
    append_big_endian(to, payload.size(), 8);
  }
  to += payload;
}

std::string encode_frame(Opcode opcode, std::string_view payload) {
  std::string frame;
  append_frame(frame, opcode, payload);
  return frame;
}

std::string encode_close(CloseCode code, std::string_view reason) {
  std::string payload;
  if (code != CloseCode::no_status) {
    append_big_endian(payload, static_cast<std::uint16_t>(code), 2);
    payload += cut(reason, kMaxReason);
  }
  return encode_frame(Opcode::close, payload);
}

}  // namespace atrium::websocket
