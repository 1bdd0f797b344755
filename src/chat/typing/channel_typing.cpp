#include "chat/typing/channel_typing.h"

#include "chat/events.h"
#include "chat/live/activity.h"
#include "chat/rooms.h"
#include "chat/topics.h"

namespace atrium::chat {

using socketio::Turn;

ChannelTyping::ChannelTyping(const Stage& stage, storage::ChannelId channel, net::Shard& home)
    : stage_(stage), channel_(std::move(channel)), home_(home), tracker_(stage.config.typing_ttl), expiry_([this] {
        expire();
      }) {}

// The original application counts each tab as somebody who types; the product counts the person.
std::string ChannelTyping::key_of(const Identity& who, const SocketRef& socket) const {
  return stage_.config.seed() ? socket.id : who.user.value;
}

socketio::Emitter ChannelTyping::others(const Typist& typist, Turn turn) const {
  auto others =
      stage_.nsp.to(rooms::of_channel(channel_)).except(stage_.config.seed() ? typist.key : rooms::of_user(typist.user));
  for (const auto& socket : typist.unaware) others = others.except(socket.id);
  return others.about(topics::typing(channel_, typist.user), turn);
}

// The original application shows a newcomer nobody.
std::vector<Typist> ChannelTyping::introduce(const SocketRef& socket) {
  return tracker_.introduce(socket, stage_.config.seed() ? 0 : kShown);
}

void ChannelTyping::start(const Identity& who, const SocketRef& socket, std::size_t listeners) {
  const Typist typist{.key = key_of(who, socket), .user = who.user, .name = who.name};
  if (listeners > kHugeRoom) return;
  if (listeners > kLargeRoom && tracker_.size() >= kShown && !tracker_.is_typing(typist.key)) return;
  if (!tracker_.start(typist, socket, home_.clock().now())) return;
  others(typist, Turn::begins).emit("channel:typing", events::Typing{channel_.value, who.user.value, who.name});
  stage_.activity.typing_begins(channel_, who.user);
  if (!expiry_.armed()) home_.deadlines().arm(expiry_, stage_.config.typing_ttl);
}

void ChannelTyping::stop(const Identity& who, const SocketRef& socket) {
  if (const auto ended = tracker_.stop(key_of(who, socket), socket)) tell_stop(*ended);
}

void ChannelTyping::clear(const Identity& who, const SocketRef& socket) {
  if (const auto ended = tracker_.clear(key_of(who, socket))) tell_stop(*ended);
}

void ChannelTyping::tell_stop(const Typist& typist) const {
  others(typist, Turn::ends).emit("channel:stop_typing", events::ChannelUser{channel_.value, typist.user.value});
  stage_.activity.typing_ends(channel_, typist.user);
}

void ChannelTyping::expire() {
  const TimePoint now = home_.clock().now();
  for (const Typist& typist : tracker_.expire(now)) tell_stop(typist);
  if (const auto next = tracker_.next()) home_.deadlines().arm(expiry_, *next - now);
}

void ChannelTyping::show(socketio::Socket& socket, const storage::ChannelId& channel, const std::vector<Typist>& typists,
                         const storage::UserId& viewer) {
  for (const Typist& typist : typists) {
    if (typist.user == viewer) continue;
    socket.about(topics::typing(channel, typist.user), Turn::begins)
        .emit("channel:typing", events::Typing{channel.value, typist.user.value, typist.name});
  }
}

void ChannelTyping::hide(socketio::Socket& socket, const storage::ChannelId& channel, const std::vector<Typist>& typists,
                         const storage::UserId& viewer) {
  for (const Typist& typist : typists) {
    if (typist.user == viewer) continue;
    socket.about(topics::typing(channel, typist.user), Turn::ends)
        .emit("channel:stop_typing", events::ChannelUser{channel.value, typist.user.value});
  }
}

}  // namespace atrium::chat
