#include "socketio/packet_encoder.h"

#include <boost/json/serialize.hpp>

namespace atrium::socketio {

namespace {

PacketType wire_type(const Packet& packet) {
  switch (packet.type) {
    case PacketType::event:
    case PacketType::binary_event:
      return packet.attachments.empty() ? PacketType::event : PacketType::binary_event;
    case PacketType::ack:
    case PacketType::binary_ack:
      return packet.attachments.empty() ? PacketType::ack : PacketType::binary_ack;
    default:
      return packet.type;
  }
}

void append_type(std::string& to, PacketType type) { to.push_back(static_cast<char>('0' + static_cast<int>(type))); }

void append_head(std::string& to, std::string_view nsp, std::optional<std::uint64_t> id) {
  if (nsp != "/") {
    to += nsp;
    to.push_back(',');
  }
  if (id) to += std::to_string(*id);
}

}  // namespace

EncodedPacket encode(const Packet& packet) {
  EncodedPacket encoded;
  const PacketType type = wire_type(packet);
  append_type(encoded.text, type);
  if (type == PacketType::binary_event || type == PacketType::binary_ack) {
    encoded.text += std::to_string(packet.attachments.size());
    encoded.text.push_back('-');
    encoded.attachments = packet.attachments;
  }
  append_head(encoded.text, packet.nsp, packet.id);
  if (packet.data) encoded.text += json::serialize(*packet.data);
  return encoded;
}

std::string encode_event(std::string_view nsp, std::optional<std::uint64_t> id, std::string_view array_json) {
  std::string text;
  text.reserve(24 + nsp.size() + array_json.size());  // the type, a comma, and an id of up to 20 digits
  append_type(text, PacketType::event);
  append_head(text, nsp, id);
  text += array_json;
  return text;
}

}  // namespace atrium::socketio
