#include "socketio/wire.h"

#include "socketio/packet_encoder.h"

namespace atrium::socketio {

using engineio::SharedMessage;
using engineio::SharedMessagePtr;

SharedMessagePtr Wire::encode(const Packet& packet, bool) const {
  EncodedPacket encoded = socketio::encode(packet);
  return SharedMessage::message(encoded.text, std::move(encoded.attachments));
}

SharedMessagePtr Wire::encode_event(std::string_view nsp, std::optional<std::uint64_t> ack_id, const Outgoing& event,
                                    std::string_view offset, bool compress) const {
  if (parser_ == Parser::json && event.attachments.empty()) {
    std::string array = json::serialize(event.array);
    if (!offset.empty()) {
      array.pop_back();
      array.append(",\"").append(offset).append("\"]");
    }
    return SharedMessage::message(socketio::encode_event(nsp, ack_id, array));
  }
  Packet packet{
      .type = PacketType::event, .nsp = std::string(nsp), .id = ack_id, .data = event.array, .attachments = event.attachments};
  if (!offset.empty()) packet.data->get_array().emplace_back(json::string(offset));
  return encode(packet, compress);
}

}  // namespace atrium::socketio
