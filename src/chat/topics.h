#pragma once

#include <string>

#include "storage/ids.h"

namespace atrium::chat::topics {

/// The topics of the chat's events (socketio::Topic): what begins and ends for whoever hears of it.
inline std::string online(const storage::UserId& user) { return "online " + user.value; }
inline std::string in_channel(const storage::ChannelId& channel, const storage::UserId& user) {
  return "in " + channel.value + " " + user.value;
}
inline std::string typing(const storage::ChannelId& channel, const storage::UserId& user) {
  return "typing " + channel.value + " " + user.value;
}
inline std::string message(const storage::MessageId& message) { return "message " + message.value; }

}  // namespace atrium::chat::topics
