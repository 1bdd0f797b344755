#include "engineio/packet.h"

#include "base/base64.h"

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

std::string encode_binary(std::string_view octets, Revision revision) {
  return (revision == Revision::v4 ? "b" : "b4") + base64_encode(octets);
}

std::optional<Packet> decode_packet(std::string_view text, Revision revision, std::string& octets) {
  if (!text.starts_with('b')) return decode_text(text);
  text.remove_prefix(1);
  if (revision == Revision::v3) {
    if (!text.starts_with(static_cast<char>(PacketType::message))) return std::nullopt;
    text.remove_prefix(1);
  }
  auto decoded = base64_decode(text);
  if (!decoded) return std::nullopt;
  octets = std::move(*decoded);
  return Packet{.type = PacketType::message, .data = octets, .binary = true};
}

}  // namespace atrium::engineio
