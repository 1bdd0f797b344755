#include "socketio/msgpack_packet.h"

#include <string>
#include <utility>

#include "socketio/msgpack_codec.h"
#include "socketio/msgpack_writer.h"
#include "socketio/placeholder.h"

namespace atrium::socketio {

namespace {

constexpr std::size_t kMaxDepth = MsgpackLimits{}.max_depth + 1;  // the packet itself is a map around its data

PacketType wire_type(PacketType type) {
  if (type == PacketType::binary_event) return PacketType::event;
  if (type == PacketType::binary_ack) return PacketType::ack;
  return type;
}

std::size_t total_size(const std::vector<Bytes>& attachments) {
  std::size_t size = 0;
  for (const Bytes& octets : attachments) size += octets.size();
  return size;
}

/// In the order of the JavaScript server. `data` null: the packet carries none.
template <class Data>
Bytes encode_parts(PacketType type, const Data* data, const std::vector<Bytes>& attachments, std::string_view nsp,
                   std::optional<std::uint64_t> id) {
  std::string octets;
  octets.reserve(256 + total_size(attachments));  // a short event fits without growing
  MsgpackWriter to(octets);
  to.map(2 + (data ? 1 : 0) + (id ? 1 : 0));
  to.string("type");
  to.integer(static_cast<std::uint64_t>(wire_type(type)));
  if (data) {
    to.string("data");
    to.value(*data, attachments);
  }
  if (id) {
    to.string("id");
    to.integer(*id);
  }
  to.string("nsp");
  to.string(nsp);
  return Bytes(std::move(octets));
}

std::optional<std::uint64_t> whole_number(const json::value& value, std::uint64_t max) {
  boost::system::error_code not_whole;
  const auto number = value.to_number<std::uint64_t>(not_whole);
  if (not_whole || number > max) return std::nullopt;
  return number;
}

/// Octets in the place of an object: the value model does not tell them apart, but the rules do.
bool is_octets(const json::value& value, std::size_t count) {
  const json::object* object = value.if_object();
  return object && attachment_index(*object, count);
}

}  // namespace

Bytes encode_msgpack(const Packet& packet) {
  return encode_parts(packet.type, packet.data ? &*packet.data : nullptr, packet.attachments, packet.nsp, packet.id);
}

Bytes encode_msgpack_event(std::string_view nsp, std::optional<std::uint64_t> id, const Outgoing& event) {
  return encode_parts(PacketType::event, &event.array, event.attachments, nsp, id);
}

Result<Packet, DecodeError> decode_msgpack(std::string_view octets, std::size_t max_attachments) {
  auto decoded = msgpack_decode(octets, {.max_depth = kMaxDepth, .max_attachments = max_attachments});
  if (decoded.has_error()) {
    const bool too_many = decoded.error() == MsgpackError::too_many_attachments;
    return too_many ? DecodeError::too_many_attachments : DecodeError::bad_msgpack;
  }
  json::object* map = decoded->value.if_object();
  if (!map) return DecodeError::bad_msgpack;

  const json::value* type = map->if_contains("type");
  const auto number = type ? whole_number(*type, static_cast<std::uint64_t>(PacketType::connect_error)) : std::nullopt;
  if (!number) return DecodeError::unknown_type;
  const json::value* nsp = map->if_contains("nsp");
  if (!nsp || !nsp->is_string() || !nsp->get_string().starts_with('/')) return DecodeError::bad_namespace;

  Packet packet{.type = static_cast<PacketType>(*number), .nsp = std::string(nsp->get_string())};
  if (const json::value* id = map->if_contains("id")) {
    packet.id = whole_number(*id, kMaxAckId);
    if (!packet.id) return DecodeError::bad_ack_id;
  }
  packet.attachments = std::move(decoded->attachments);
  if (json::value* data = map->if_contains("data")) {
    if (is_octets(*data, packet.attachments.size())) return DecodeError::bad_payload;
    packet.data = std::move(*data);
  }
  if (const auto broken = broken_rule(packet)) return *broken;
  if (packet.attachments.empty() || !packet.data) return packet;
  if (!placeholders_in_range(*packet.data, packet.attachments.size())) return DecodeError::bad_attachment_index;
  return packet;
}

}  // namespace atrium::socketio
