#pragma once

#include <string>

#include "storage/ids.h"

namespace atrium::chat::rooms {

/// The names of the Socket.IO rooms: one for each channel, one for those in it who understand typing.v2, one for all sockets of
/// a user, one for all of a workspace.
inline std::string of_channel(const storage::ChannelId& id) { return "channel:" + id.value; }
inline std::string of_typing_v2(const storage::ChannelId& id) { return "channel2:" + id.value; }
inline std::string of_user(const storage::UserId& id) { return "user:" + id.value; }
inline std::string of_workspace(const storage::WorkspaceId& id) { return "ws:" + id.value; }

}  // namespace atrium::chat::rooms
