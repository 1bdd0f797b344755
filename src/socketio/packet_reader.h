#pragma once

#include "socketio/msgpack_packet.h"
#include "socketio/packet_decoder.h"
#include "socketio/packet_writer.h"

namespace atrium::socketio {

/// Packets out of the messages of one connection, in whichever form the server speaks. No I/O.
class PacketReader final {
 public:
  PacketReader(Parser parser, std::size_t max_attachments)
      : parser_(parser), max_attachments_(max_attachments), json_(max_attachments) {}

  /// The packet that is whole with this message; none when more belongs to it.
  Result<std::optional<Packet>, DecodeError> feed_text(std::string_view text) {
    if (parser_ == Parser::msgpack) return DecodeError::unknown_type;
    return json_.feed_text(text);
  }
  Result<std::optional<Packet>, DecodeError> feed_binary(std::string_view octets) {
    if (parser_ != Parser::msgpack) return json_.feed_binary(octets);
    auto packet = decode_msgpack(octets, max_attachments_);
    if (!packet) return packet.error();
    return std::optional(std::move(*packet));
  }

 private:
  const Parser parser_;
  const std::size_t max_attachments_;
  PacketDecoder json_;
};

}  // namespace atrium::socketio
