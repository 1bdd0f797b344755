#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engineio/wire.h"

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

/// A message of octets as text: "b" base64; in Engine.IO 3 "b4" base64.
std::string encode_binary(std::string_view octets, Revision revision = Revision::v4);

/// Either of the two. The packet's data lies in `text`, or in `octets`, which decoded base64 is written to.
std::optional<Packet> decode_packet(std::string_view text, Revision revision, std::string& octets);

}  // namespace atrium::engineio
