#pragma once

#include <string>
#include <string_view>

#include "storage/ids.h"

namespace atrium::chat::rooms {

/// The names of the Socket.IO rooms: up to three for each channel, one for all sockets of a user, of a session, of a workspace.
inline std::string of_channel(const storage::ChannelId& id) { return "channel:" + id.value; }
/// Those in a channel who are told how far others have read.
inline std::string of_receipts(const storage::ChannelId& id) { return "receipts:" + id.value; }
/// Those in a channel who understand typing.v2.
inline std::string of_typing_v2(const storage::ChannelId& id) { return "channel2:" + id.value; }
inline std::string of_user(const storage::UserId& id) { return "user:" + id.value; }
inline std::string of_session(const storage::SessionId& id) { return "session:" + id.value; }
inline std::string of_workspace(const storage::WorkspaceId& id) { return "ws:" + id.value; }

/// Of the sockets in a workspace: those that are told each change of presence as an event of its own, and those that have
/// "presence.v2".
inline std::string of_presence_events(const storage::WorkspaceId& id) { return "ws1:" + id.value; }
inline std::string of_presence_diffs(const storage::WorkspaceId& id) { return "ws2:" + id.value; }

}  // namespace atrium::chat::rooms
