#pragma once

#include "socketio/packet_decoder.h"
#include "socketio/wire.h"

namespace atrium::socketio {

/// Packets out of the messages of one connection, in whichever form the server speaks. No I/O.
class PacketReader final {
 public:
  PacketReader(Parser parser, std::size_t max_attachments) : parser_(parser), json_(max_attachments) {}

  /// The packet that is whole with this message; none when more belongs to it.
  Result<std::optional<Packet>, DecodeError> feed_text(std::string_view text) {
    if (parser_ == Parser::msgpack) return DecodeError::unknown_type;
    return json_.feed_text(text);
  }
  Result<std::optional<Packet>, DecodeError> feed_binary(std::string_view octets) { return json_.feed_binary(octets); }

 private:
  const Parser parser_;
  PacketDecoder json_;
};

}  // namespace atrium::socketio
