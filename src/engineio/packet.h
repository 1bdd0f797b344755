#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace atrium::engineio {

/// The digit that opens a text packet (Engine.IO 4, "Protocol").
enum class PacketType : char {
  open = '0',
  close = '1',
  ping = '2',
  pong = '3',
  message = '4',
  upgrade = '5',
  noop = '6',
};

/// One packet; its data is borrowed from whoever decoded it.
struct Packet {
  PacketType type = PacketType::message;
  std::string_view data;
  bool binary = false;  ///< a message of octets, which has no type on the wire
};

/// packet = digit data
std::string encode_text(PacketType type, std::string_view data);

/// None when `text` opens with no packet type. The packet's data lies in `text`, which must outlive it.
std::optional<Packet> decode_text(std::string_view text);

}  // namespace atrium::engineio
