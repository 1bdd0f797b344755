#pragma once

#include <string_view>

#include "chat/events/channel_events.h"
#include "chat/events/message_events.h"
#include "chat/events/presence_events.h"
#include "chat/events/session_events.h"

// The contract with the clients: every event of the namespace /chat and its payload. Optional members are left out when they
// are empty; clients of the original application ignore those that they do not know.

namespace atrium::chat {

inline constexpr std::string_view kNamespace = "/chat";
inline constexpr std::string_view kPath = "/ws";

}  // namespace atrium::chat
