#include "socketio/packet_rules.h"

#include <algorithm>
#include <array>

#include "socketio/placeholder.h"

namespace atrium::socketio {

namespace {

using Failure = std::optional<DecodeError>;

Failure check_event(const json::value& data) {
  const json::array* arguments = data.if_array();
  if (!arguments || arguments->empty()) return DecodeError::bad_payload;
  const json::value& name = arguments->front();
  if (name.is_number()) return std::nullopt;
  if (!name.is_string()) return DecodeError::bad_payload;
  return is_reserved_event(name.get_string()) ? Failure(DecodeError::reserved_event) : std::nullopt;
}

}  // namespace

bool is_reserved_event(std::string_view name) {
  constexpr std::array<std::string_view, 6> kReserved = {"connect",       "connect_error", "disconnect",
                                                         "disconnecting", "newListener",   "removeListener"};
  return std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end();
}

std::string_view to_string(DecodeError error) {
  switch (error) {
    case DecodeError::unknown_type:
      return "unknown packet type";
    case DecodeError::bad_namespace:
      return "bad namespace";
    case DecodeError::bad_attachment_count:
      return "bad number of attachments";
    case DecodeError::too_many_attachments:
      return "too many attachments";
    case DecodeError::bad_ack_id:
      return "bad acknowledgement id";
    case DecodeError::bad_json:
      return "payload is not JSON";
    case DecodeError::bad_msgpack:
      return "packet is no MessagePack map";
    case DecodeError::bad_payload:
      return "payload does not suit the packet type";
    case DecodeError::reserved_event:
      return "event name is reserved";
    case DecodeError::bad_attachment_index:
      return "payload names an attachment that does not exist";
    case DecodeError::attachment_expected:
      return "text where an attachment is due";
    case DecodeError::unexpected_binary:
      return "binary message that no packet announced";
  }
  return "bad packet";
}

std::optional<DecodeError> broken_rule(const Packet& packet) {
  const auto only_if = [](bool allowed) { return allowed ? std::nullopt : Failure(DecodeError::bad_payload); };
  switch (packet.type) {
    case PacketType::connect:
      return only_if(!packet.data || packet.data->is_object());
    case PacketType::disconnect:
      return only_if(!packet.data);
    case PacketType::connect_error:
      return only_if(packet.data && (packet.data->is_object() || packet.data->is_string()));
    case PacketType::ack:
    case PacketType::binary_ack:
      if (!packet.id) return DecodeError::bad_ack_id;
      return only_if(packet.data && packet.data->is_array());
    case PacketType::event:
    case PacketType::binary_event:
      break;
  }
  return packet.data ? check_event(*packet.data) : DecodeError::bad_payload;
}

bool placeholders_in_range(const json::value& value, std::size_t count) {
  if (const json::array* array = value.if_array()) {
    return std::all_of(array->begin(), array->end(), [&](const json::value& v) { return placeholders_in_range(v, count); });
  }
  const json::object* object = value.if_object();
  if (!object) return true;
  if (is_placeholder(*object)) return attachment_index(*object, count).has_value();
  return std::all_of(object->begin(), object->end(),
                     [&](const auto& member) { return placeholders_in_range(member.value(), count); });
}

}  // namespace atrium::socketio
