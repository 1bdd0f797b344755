#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "socketio/packet.h"

namespace atrium::socketio {

/// The text of a packet and the binary messages that must follow it with nothing in between.
struct EncodedPacket {
  std::string text;
  std::vector<Bytes> attachments;
};

/// packet = type [count "-"] [nsp ","] [id] [json]   (Socket.IO 5, "Packet encoding"; nsp is left out when it is "/")
/// Attachments turn an event or ack into its binary form.
EncodedPacket encode(const Packet& packet);

/// The text of an event whose arguments are JSON already: an array that opens with the event's name.
std::string encode_event(std::string_view nsp, std::optional<std::uint64_t> id, std::string_view array_json);

}  // namespace atrium::socketio
