#pragma once

#include <string_view>
#include <tuple>

#include "base/fixed_string.h"
#include "chat/events/channel_events.h"
#include "chat/events/message_events.h"
#include "chat/events/presence_events.h"
#include "chat/events/session_events.h"
#include "socketio/namespace.h"
#include "socketio/outgoing.h"

namespace atrium::chat::events {

/// An event that clients are sent, and what it says.
template <FixedString Name, class T>
struct Told final {
  static constexpr std::string_view name = Name.view();
  using Payload = T;
  std::string_view summary;
};

template <FixedString Name, class Payload>
constexpr Told<Name, Payload> told(std::string_view summary) {
  return {summary};
}

/// All of them. The document of the interface is written from this table, and nothing else can be emitted.
inline constexpr std::tuple kTold{
    told<"welcome", Welcome>("Who the socket is; before any other event"),
    told<"error", Error>("Something was refused; the connection goes on"),
    told<"auth:expiring", AuthExpiring>("The token ends soon: show another one by auth:refresh"),
    told<"presence:online", Online>("Somebody who shares a workspace is online"),
    told<"presence:offline", Offline>("Somebody who shares a workspace is offline"),
    told<"presence:state", PresenceState>("Everybody who is online in a workspace, in place of all that was known"),
    told<"presence:diff", PresenceDiff>("Who has come, gone or changed since the version before"),
    told<"presence:count", PresenceCount>("How many are online in a workspace that has too many to be named"),
    told<"presence:status", OwnStatus>("How the user wants to be shown, as another tab of his has said"),
    told<"channel:user_joined", ChannelUser>("Somebody has entered a channel that the socket is in"),
    told<"channel:user_left", ChannelUser>("Somebody has left a channel that the socket is in"),
    told<"channel:removed", ChannelRemoved>("The socket was put out of a channel"),
    told<"channel:typing", Typing>("Somebody types"),
    told<"channel:stop_typing", ChannelUser>("Somebody types no more"),
    told<"channel:typing_state", TypingState>("Who types, in place of all that was told of it"),
    told<"channel:read", OwnRead>("How far the user has read, as another tab of his has said"),
    told<"channel:read", ReadReceipt>("How far somebody else has read"),
    told<"message:new", MessageNew>("Something was said"),
    told<"message:edited", MessageEdited>("A message says something else now"),
    told<"message:deleted", MessageDeleted>("A message was taken back"),
};

template <FixedString Name, class Payload, class... Lines>
constexpr bool is_one_of(const std::tuple<Lines...>&) {
  return (std::is_same_v<Told<Name, Payload>, Lines> || ...);
}

/// The event as it travels, for who keeps it before it is sent.
template <FixedString Name, class Payload>
socketio::Outgoing event(const Payload& payload) {
  static_assert(is_one_of<Name, Payload>(kTold), "kTold has no event of this name with this payload");
  return socketio::Outgoing::of(Name.view(), payload);
}

/// Encoded ahead, for what is said many times.
template <FixedString Name, class Payload>
socketio::Prepared prepare(const socketio::Namespace& nsp, const Payload& payload) {
  return nsp.prepare(event<Name>(payload));
}

/// Tells a socket, or whoever an emitter stands for: `events::emit<"message:new">(socket, MessageNew{...})`.
template <FixedString Name, class To, class Payload>
auto emit(To&& to, const Payload& payload) {
  return to.send(event<Name>(payload));
}

}  // namespace atrium::chat::events
