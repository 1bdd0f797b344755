#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "socketio/outgoing.h"
#include "socketio/packet.h"
#include "socketio/packet_rules.h"

// Packets as npm's socket.io-msgpack-parser 3.0.2 has them: each is one binary message, with its octets inside. Pure functions
// of any thread.
//
//    packet = { "type": 0..4, "data": ..., "nsp": "/...", "id": 0.. }      in any order; other keys are ignored
//
// data is left out, or undefined (d4 00 00), where a packet carries none; id where no acknowledgement is asked for or given.
// The two binary types are not on this wire.

namespace atrium::socketio {

/// The whole message. Attachments that the data does not name are not sent.
Bytes encode_msgpack(const Packet& packet);

/// An event whose arguments open with its name, without a copy of them on the way: a broadcast is encoded once with this.
Bytes encode_msgpack_event(std::string_view nsp, std::optional<std::uint64_t> id, const Outgoing& event);

/// The packet that a message is, held to the rules of packet_rules.h. `octets` is borrowed for the call.
/// Unlike on the JSON wire, a CONNECT may carry attachments; its data is an object even so.
Result<Packet, DecodeError> decode_msgpack(std::string_view octets, std::size_t max_attachments = 10);

}  // namespace atrium::socketio
