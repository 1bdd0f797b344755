#pragma once

#include <functional>
#include <string>

#include "socketio/episode.h"
#include "storage/ids.h"

namespace atrium::chat::episodes {

// What begins and ends for whoever hears of it.

using Part = socketio::Episode::Part;

inline std::uint64_t id_of(const std::string& name) { return std::hash<std::string>()(name); }

inline socketio::Episode online(const storage::UserId& user, Part part) {
  return {.id = id_of("online " + user.value), .part = part};
}
inline socketio::Episode in_channel(const storage::ChannelId& channel, const storage::UserId& user, Part part) {
  return {.id = id_of("in " + channel.value + " " + user.value), .part = part};
}
inline socketio::Episode message(const storage::MessageId& message, Part part) {
  return {.id = id_of("message " + message.value), .part = part};
}
/// `key`: the typist's; empty for all who type in a large channel.
inline socketio::Episode typing(const storage::ChannelId& channel, const std::string& key, Part part) {
  return {.id = id_of("typing " + channel.value + " " + key), .part = part, .spares = true};
}

}  // namespace atrium::chat::episodes
