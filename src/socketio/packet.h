#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace atrium::socketio {

namespace json = boost::json;

/// The digit that opens a packet (Socket.IO 5, "Packet encoding").
enum class PacketType : std::uint8_t {
  connect = 0,
  disconnect = 1,
  event = 2,
  ack = 3,
  connect_error = 4,
  binary_event = 5,
  binary_ack = 6,
};

/// One Socket.IO packet, as a value. Octets stand outside of `data`, which has `{"_placeholder":true,"num":i}` in the place
/// of attachments[i]. An event or ack is `event` or `ack` here with or without attachments: the binary types are for the wire.
struct Packet {
  PacketType type = PacketType::event;
  std::string nsp = "/";
  std::optional<std::uint64_t> id;  ///< of the acknowledgement that is asked for, or given
  std::optional<json::value> data;
  std::vector<Bytes> attachments;
};

}  // namespace atrium::socketio
