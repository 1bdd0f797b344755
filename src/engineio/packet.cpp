#include "engineio/packet.h"

namespace atrium::engineio {

std::string encode_text(PacketType type, std::string_view data) {
  std::string text;
  text.reserve(1 + data.size());
  text.push_back(static_cast<char>(type));
  text += data;
  return text;
}

std::optional<Packet> decode_text(std::string_view text) {
  if (text.empty() || text[0] < static_cast<char>(PacketType::open) || text[0] > static_cast<char>(PacketType::noop)) {
    return std::nullopt;
  }
  return Packet{.type = static_cast<PacketType>(text[0]), .data = text.substr(1)};
}

}  // namespace atrium::engineio
