#include "socketio/messages.h"

#include "socketio/packet_encoder.h"

namespace atrium::socketio {

engineio::SharedMessagePtr message_of(const Packet& packet) {
  EncodedPacket encoded = encode(packet);
  return engineio::SharedMessage::message(encoded.text, std::move(encoded.attachments));
}

engineio::SharedMessagePtr event_message(std::string_view nsp, std::optional<std::uint64_t> ack_id, const Outgoing& event) {
  if (event.attachments.empty())
    return engineio::SharedMessage::message(encode_event(nsp, ack_id, json::serialize(event.array)));
  return message_of({.type = PacketType::event,
                     .nsp = std::string(nsp),
                     .id = ack_id,
                     .data = event.array,
                     .attachments = event.attachments});
}

}  // namespace atrium::socketio
