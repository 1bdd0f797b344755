#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engineio/shared_message.h"
#include "socketio/outgoing.h"
#include "socketio/packet.h"

namespace atrium::socketio {

/// A packet, encoded once and ready for any transport.
engineio::SharedMessagePtr message_of(const Packet& packet);
engineio::SharedMessagePtr event_message(std::string_view nsp, std::optional<std::uint64_t> ack_id, const Outgoing& event);

}  // namespace atrium::socketio
