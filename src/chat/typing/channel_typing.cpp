#include "chat/typing/channel_typing.h"

#include <algorithm>
#include <limits>

#include "chat/episodes.h"
#include "chat/events.h"
#include "chat/events/outgoing.h"
#include "chat/live/activity.h"
#include "chat/nodes/peers.h"
#include "chat/rooms.h"
#include "chat/visitor.h"

namespace atrium::chat {

using episodes::Part;
using socketio::Outgoing;
using What = TypingNews::What;

namespace {

events::Typing to_start(const storage::ChannelId& channel, const Typist& typist) {
  return {channel.value, typist.user.value, typist.name};
}

events::ChannelUser to_stop(const storage::ChannelId& channel, const Typist& typist) {
  return {channel.value, typist.user.value};
}

events::TypingState to_event(const storage::ChannelId& channel, const TypingState& state) {
  events::TypingState event{.channelId = channel.value, .users = {}, .more = state.more};
  for (const Typist& typist : state.named) event.users.push_back({typist.user.value, typist.name});
  return event;
}

/// A node stands for all sockets of one user there.
std::string socket_of(const NodeId& node) { return "@" + node.value; }
constexpr Duration kOnTheWay = std::chrono::seconds(1);  ///< what another node says may take so long
bool is_ours(const std::string& socket) { return !socket.starts_with('@'); }

/// 0 stands for no bound.
std::size_t bound(std::size_t listeners) { return listeners == 0 ? std::numeric_limits<std::size_t>::max() : listeners; }

TypingTracker::Rules rules_of(const Config& config) {
  return {.ttl = config.typing_ttl,
          .ttl_v2 = config.typing_ttl_v2,
          .rebroadcast = config.typing_rebroadcast,
          .large_room = bound(config.typing_large_room),
          .huge_room = bound(config.typing_huge_room)};
}

}  // namespace

ChannelTyping::ChannelTyping(const Stage& stage, storage::ChannelId channel, net::Shard& home)
    : stage_(stage),
      channel_(std::move(channel)),
      room_(rooms::of_channel(channel_)),
      v2_room_(rooms::of_typing_v2(channel_)),
      home_(home),
      tracker_(rules_of(stage.config)),
      wake_([this] { tell(tracker_.expire(now())); }) {}

// The original application counts each tab as somebody who types; the product counts the person.
std::string ChannelTyping::key_of(const Identity& who, const SocketRef& socket) const {
  return stage_.config.seed() ? socket.id : who.user.value;
}

bool ChannelTyping::start(const Identity& who, const SocketRef& socket, TypingDialect dialect) {
  tell(tracker_.start({.key = key_of(who, socket), .user = who.user, .name = who.name}, socket.id, dialect, now()));
  return !tracker_.off();
}

void ChannelTyping::stop(const Identity& who, const SocketRef& socket) {
  tell(tracker_.stop(key_of(who, socket), socket.id, now()));
}

void ChannelTyping::clear(const Identity& who, const SocketRef& socket) { tell(tracker_.clear(key_of(who, socket), now())); }

void ChannelTyping::message_done(const Identity& who, const SocketRef& socket) {
  tell(tracker_.message_done(key_of(who, socket), now()));
}

void ChannelTyping::resize(std::size_t listeners) { tell(tracker_.resize(listeners, now())); }

// The original application shows a newcomer nobody.
TypingSight ChannelTyping::introduce(const SocketRef& socket) {
  return tracker_.introduce(socket.id, stage_.config.seed() ? 0 : TypingTracker::kNamed);
}

// --- telling

void ChannelTyping::tell(const TypingTracker::News& news) {
  for (const TypingNews& item : news) tell(item);
  tell_peers();
  if (tracker_.size() != counted_) stage_.activity.typing(channel_, counted_ = tracker_.size());
  wake_in_time();
}

void ChannelTyping::tell(const TypingNews& news) const {
  switch (news.what) {
    case What::start:
      return events::emit<"channel:typing">(audience_of(news, Part::begin), to_start(channel_, news.typist));
    case What::again:
      return events::emit<"channel:typing">(audience_of(news, Part::again), to_start(channel_, news.typist));
    case What::stop:
      return events::emit<"channel:stop_typing">(audience_of(news, Part::end), to_stop(channel_, news.typist));
    case What::state:
      // Each stands for itself, so whoever is behind does without any but the last.
      return events::emit<"channel:typing_state">(audience_of(news, news.state.empty() ? Part::end : Part::again),
                                                  to_event(channel_, news.state));
  }
}

socketio::Emitter ChannelTyping::audience_of(const TypingNews& news, Part part) const {
  const auto listeners = stage_.here()
                             .in_episode(episodes::typing(channel_, news.typist.key, part))
                             .to(news.to == TypingNews::To::v2 ? v2_room_ : room_);
  if (news.what == What::state) return listeners;
  std::vector<std::string> others(news.unaware.begin(), news.unaware.end());
  others.push_back(stage_.config.seed() ? news.typist.key : rooms::of_user(news.typist.user));
  if (news.to == TypingNews::To::legacy) others.push_back(v2_room_);
  return listeners.except(std::move(others));
}

void ChannelTyping::wake_in_time() {
  const auto next = tracker_.next();
  if (!next || (wake_.armed() && wakes_ <= *next)) return;
  wakes_ = *next;
  home_.deadlines().arm(wake_, *next - now());
}

// --- other nodes

void ChannelTyping::hear(const NodeId& node, const facts::Typist& typist, bool types) {
  const storage::UserId user(typist.userId);
  if (types) {
    // Its own node ends it in time.
    const TimePoint until = now() + std::chrono::milliseconds(typist.lasts) + kOnTheWay;
    tell(tracker_.relay({.key = user.value, .user = user, .name = typist.name}, socket_of(node), until, now()));
  } else {
    tell(tracker_.stop(user.value, socket_of(node), now()));
  }
}

void ChannelTyping::hear(const NodeId& node, const std::vector<facts::Typist>& typists) {
  const auto before = tracker_.typists_by([&](const std::string& socket) { return socket == socket_of(node); }, now());
  for (const auto& [typist, until] : before) {
    const auto same = [&key = typist.key](const facts::Typist& each) { return each.userId == key; };
    if (std::none_of(typists.begin(), typists.end(), same)) tell(tracker_.stop(typist.key, socket_of(node), now()));
  }
  for (const facts::Typist& typist : typists) hear(node, typist, true);
}

std::vector<facts::Typist> ChannelTyping::own() const {
  std::vector<facts::Typist> own;
  for (const auto& [typist, until] : tracker_.typists_by(is_ours, now())) {
    const auto lasts = std::chrono::duration_cast<std::chrono::milliseconds>(until - now());
    own.push_back({.userId = typist.user.value,
                   .name = typist.name,
                   .lasts = static_cast<std::uint64_t>(std::max<std::int64_t>(0, lasts.count()))});
  }
  return own;
}

void ChannelTyping::tell_peers() {
  if (!stage_.one_of_many()) return;
  const auto tell = [this](const facts::Typist& typist, bool types) {
    stage_.peers.tell(facts::Types{.channelId = channel_.value, .typist = typist, .types = types});
  };
  std::map<std::string, std::pair<facts::Typist, TimePoint>> told;
  for (const facts::Typist& typist : own()) {
    const auto before = peers_told_.find(typist.userId);
    const bool again = before == peers_told_.end() || before->second.second + stage_.config.typing_rebroadcast <= now();
    if (again) tell(typist, true);
    const TimePoint at = again ? now() : before->second.second;
    told.emplace(typist.userId, std::pair(typist, at));
  }
  for (const auto& [key, typist] : peers_told_) {
    if (!told.contains(key)) tell(typist.first, false);
  }
  peers_told_ = std::move(told);
}

// --- newcomers and leavers

void ChannelTyping::show(socketio::Socket& socket, const storage::ChannelId& channel, const TypingSight& sight,
                         const storage::UserId& viewer) {
  const bool v2 = visitor_of(socket).caps.typing_v2;
  if (v2) socket.join(rooms::of_typing_v2(channel));
  if (v2 && sight.state) {
    if (sight.state->empty()) return;
    socket.send(events::event<"channel:typing_state">(to_event(channel, *sight.state)),
                {.episode = episodes::typing(channel, "", Part::again)});
    return;
  }
  for (const Typist& typist : sight.typists) {
    if (typist.user == viewer) continue;
    socket.send(events::event<"channel:typing">(to_start(channel, typist)),
                {.episode = episodes::typing(channel, typist.key, Part::begin)});
  }
}

void ChannelTyping::hide(socketio::Socket& socket, const storage::ChannelId& channel, const TypingSight& sight,
                         const storage::UserId& viewer) {
  const bool v2 = visitor_of(socket).caps.typing_v2;
  if (v2) socket.leave(rooms::of_typing_v2(channel));
  if (v2 && sight.state) {
    if (!sight.state->empty()) events::emit<"channel:typing_state">(socket, to_event(channel, {}));
    return;
  }
  for (const Typist& typist : sight.typists) {
    if (typist.user == viewer) continue;
    socket.send(events::event<"channel:stop_typing">(to_stop(channel, typist)),
                {.episode = episodes::typing(channel, typist.key, Part::end)});
  }
}

}  // namespace atrium::chat
