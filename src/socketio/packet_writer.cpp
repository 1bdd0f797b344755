#include "socketio/packet_writer.h"

#include "socketio/msgpack_packet.h"
#include "socketio/packet_encoder.h"

namespace atrium::socketio {

using engineio::Compress;
using engineio::SharedMessage;
using engineio::SharedMessagePtr;

namespace {

Compress to_compress(bool worth_it) { return worth_it ? Compress::yes : Compress::no; }

}  // namespace

SharedMessagePtr PacketWriter::encode(const Packet& packet, bool compress) const {
  if (parser_ == Parser::msgpack) return SharedMessage::binary(encode_msgpack(packet), to_compress(compress));
  EncodedPacket encoded = socketio::encode(packet);
  return SharedMessage::message(encoded.text, std::move(encoded.attachments), to_compress(compress));
}

SharedMessagePtr PacketWriter::encode_event(std::string_view nsp, std::optional<std::uint64_t> ack_id, const Outgoing& event,
                                            std::string_view offset, bool compress) const {
  if (offset.empty() && parser_ == Parser::msgpack) {
    return SharedMessage::binary(encode_msgpack_event(nsp, ack_id, event), to_compress(compress));
  }
  if (event.attachments.empty() && parser_ == Parser::json) {
    std::string array = json::serialize(event.array);
    if (!offset.empty()) {
      array.pop_back();
      array.append(",\"").append(offset).append("\"]");
    }
    return SharedMessage::message(socketio::encode_event(nsp, ack_id, array), {}, to_compress(compress));
  }
  Packet packet{
      .type = PacketType::event, .nsp = std::string(nsp), .id = ack_id, .data = event.array, .attachments = event.attachments};
  if (!offset.empty()) packet.data->get_array().emplace_back(json::string(offset));
  return encode(packet, compress);
}

}  // namespace atrium::socketio
