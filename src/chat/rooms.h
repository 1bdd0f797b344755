#pragma once

#include <string>
#include <string_view>

#include "storage/ids.h"

namespace atrium::chat::rooms {

/// The names of the Socket.IO rooms: one for each channel, one for all sockets of a user, one for all of a workspace.
inline std::string of_channel(const storage::ChannelId& id) { return "channel:" + id.value; }
inline std::string of_user(const storage::UserId& id) { return "user:" + id.value; }
inline std::string of_workspace(const storage::WorkspaceId& id) { return "ws:" + id.value; }

inline bool is_channel(std::string_view room) { return room.starts_with("channel:"); }
inline bool is_workspace(std::string_view room) { return room.starts_with("ws:"); }

}  // namespace atrium::chat::rooms
