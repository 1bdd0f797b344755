#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "socketio/packet.h"

// What holds for a packet on every wire, JSON and MessagePack alike.

namespace atrium::socketio {

/// What a peer can do wrong in a packet. Each closes its connection (Socket.IO 5, "Protocol").
enum class DecodeError : std::uint8_t {
  unknown_type,
  bad_namespace,  ///< none, or one that does not open with "/"
  bad_attachment_count,
  too_many_attachments,
  bad_ack_id,
  bad_json,
  bad_msgpack,
  bad_payload,     ///< not what a packet of its type carries
  reserved_event,  ///< an event named as one of the library's own
  bad_attachment_index,
  attachment_expected,  ///< text came while octets were due
  unexpected_binary,    ///< octets came that no packet announced
};

std::string_view to_string(DecodeError error);

inline constexpr std::uint64_t kMaxAckId = std::uint64_t{1} << 53;  // as far as JavaScript counts exactly

/// Names that the library itself gives to events of a socket, on either side (Socket.IO 5, "Reserved events").
bool is_reserved_event(std::string_view name);

/// What is wrong with the payload or the id of `packet` for its type; none when it is as Socket.IO 5 wants it. Does not look
/// at attachments.
std::optional<DecodeError> broken_rule(const Packet& packet);

/// Whether everything in `value` that stands for octets names one of `count` attachments. Recurses as deep as the value is,
/// which a decoder has bounded.
bool placeholders_in_range(const json::value& value, std::size_t count);

}  // namespace atrium::socketio
