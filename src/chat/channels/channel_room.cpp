#include "chat/channels/channel_room.h"

#include "chat/episodes.h"
#include "chat/events.h"
#include "chat/events/outgoing.h"
#include "chat/nodes/peers.h"
#include "chat/rooms.h"
#include "chat/visitor.h"

namespace atrium::chat {

using socketio::Socket;

namespace {

// On the socket's shard.
void let_in(Socket& socket, const storage::ChannelId& channel) {
  socket.join(rooms::of_channel(channel));
  if (visitor_of(socket).caps.seq) socket.join(rooms::of_receipts(channel));
}

void let_out(Socket& socket, const storage::ChannelId& channel) {
  socket.leave(rooms::of_channel(channel));
  socket.leave(rooms::of_receipts(channel));
}

/// Tells a socket that saw `view` on another node what it is like here.
void correct_users(Socket& socket, const storage::ChannelId& channel, const handover::Channel& view,
                   const std::set<std::string>& users) {
  const std::set<std::string> seen(view.users.begin(), view.users.end());
  const auto tell = [&]<FixedString Name>(const std::string& user, episodes::Part part) {
    if (user == visitor_of(socket).identity->user.value) return;
    socket.send(events::event<Name>(events::ChannelUser{channel.value, user}),
                {.episode = episodes::in_channel(channel, storage::UserId(user), part)});
  };
  for (const auto& user : seen) {
    if (!users.contains(user)) tell.template operator()<"channel:user_left">(user, episodes::Part::end);
  }
  for (const auto& user : users) {
    if (!seen.contains(user)) tell.template operator()<"channel:user_joined">(user, episodes::Part::begin);
  }
}

void correct_typing(Socket& socket, const storage::ChannelId& channel, const handover::Channel& view, TypingSight shown) {
  const Visitor& visitor = visitor_of(socket);
  const storage::UserId& viewer = visitor.identity->user;
  TypingSight over;
  if (visitor.caps.typing_v2 && (view.state || shown.state)) {
    // A state stands for all that was told before, and single starts come after an empty one.
    const bool told_anew = shown.state && !shown.state->empty();
    if ((view.state || !view.typists.empty()) && !told_anew) over.state = TypingState{.named = {}, .more = 1};
  } else {
    for (const auto& [user, name] : view.typists) {
      const Typist typist{.key = user, .user = storage::UserId(user), .name = name};
      // Who types still is not shown again.
      if (std::erase(shown.typists, typist) == 0) over.typists.push_back(typist);
    }
  }
  ChannelTyping::hide(socket, channel, over, viewer);
  ChannelTyping::show(socket, channel, shown, viewer);
}

}  // namespace

ChannelRoom::ChannelRoom(const Stage& stage, storage::ChannelId id, net::Shard& home, const HiddenUsers& hidden)
    : stage_(stage),
      id_(id),
      room_(rooms::of_channel(id)),
      home_(home),
      hidden_(hidden),
      typing_(stage, id, home),
      receipts_(stage, id, home),
      grace_([this] { expire_grace(); }) {}

std::vector<Typist> ChannelRoom::join(const Identity& who, const SocketRef& socket) {
  const auto arrival = attendance_.arrive(who.user, socket);
  // The original application tells every join of every tab; the product only that somebody has come.
  if (stage_.config.seed()) {
    tell_joined(who.user, socket);
  } else if (arrival == Attendance::Arrival::first) {
    if (!elsewhere_.has(who.user)) come(who.user, socket);
    tell_peers(who.user);
  }
  if (arrival == Attendance::Arrival::known) return {};
  // What is told to another shard must not lean on this room, which may be gone when it is heard.
  resize();
  auto shown = typing_.introduce(socket);
  stage_.directory.tell(socket, [id = id_, user = who.user, shown](Socket& joined) {
    let_in(joined, id);
    ChannelTyping::show(joined, id, shown, user);
  });
  return std::move(shown.typists);
}

void ChannelRoom::come_back(const Identity& who, const SocketRef& socket) { arrive(who.user, socket); }

void ChannelRoom::come_over(const Identity& who, const SocketRef& socket, const handover::Channel& view) {
  arrive(who.user, socket);
  catch_up_.begin(socket);
  auto shown = typing_.introduce(socket);
  stage_.directory.tell(socket, [id = id_, user = who.user, view, shown, users = noticed()](Socket& joined) {
    let_in(joined, id);
    correct_users(joined, id, view, users);
    correct_typing(joined, id, view, shown);
  });
}

void ChannelRoom::arrive(const storage::UserId& user, const SocketRef& socket) {
  if (attendance_.arrive(user, socket) == Attendance::Arrival::first) {
    if (!elsewhere_.has(user)) come(user, socket);
    tell_peers(user);
  }
  resize();
}

void ChannelRoom::expect_elsewhere(const storage::UserId& user) {
  if (attendance_.shorten(user, home_.clock().now() + handover::kMoving)) home_.deadlines().arm(grace_, handover::kMoving);
}

void ChannelRoom::leave(const Identity& who, const SocketRef& socket) {
  const auto departure = attendance_.depart(who.user, socket);
  if (departure == Attendance::Departure::unknown) return;
  typing_.stop(who, socket);
  catch_up_.forget(socket);
  stage_.directory.tell(socket, [id = id_, user = who.user, shown = typing_.dismiss(socket)](Socket& left) {
    let_out(left, id);
    ChannelTyping::hide(left, id, shown, user);
  });
  resize();
  if (stage_.config.seed()) {
    tell_left(who.user);
  } else if (departure == Attendance::Departure::last) {
    go(who.user);
  }
}

void ChannelRoom::disconnect(const Identity& who, const SocketRef& socket, Leaving how) {
  catch_up_.forget(socket);
  typing_.stop(who, socket);
  if (how == Leaving::on_purpose) {
    typing_.dismiss(socket);
    // The original application says nothing when somebody disconnects from a channel.
    if (attendance_.depart(who.user, socket) == Attendance::Departure::last && !stage_.config.seed()) go(who.user);
  } else {
    typing_.lose(socket);
    const Duration grace = stage_.config.presence_grace;
    const auto departure = attendance_.lose(who.user, socket, home_.clock().now() + grace);
    if (departure == Attendance::Departure::last && !grace_.armed()) home_.deadlines().arm(grace_, grace);
  }
  resize();
}

void ChannelRoom::remove(const storage::UserId& user, const std::string& reason) {
  if (!attendance_.has(user)) return;
  put_out(user, reason);
  go(user);
}

void ChannelRoom::close(const std::string& reason) {
  // The other nodes close it too, so nobody is left to be told that somebody has gone.
  for (const auto& user : attendance_.users()) put_out(user, reason);
  elsewhere_ = {};
  unnoticed_.clear();
}

void ChannelRoom::put_out(const storage::UserId& user, const std::string& reason) {
  const Identity who{.user = user, .name = {}, .workspaces = {}};
  const auto sockets = attendance_.remove(user);
  for (const auto& socket : sockets) typing_.clear(who, socket);
  for (const auto& socket : sockets) {
    catch_up_.forget(socket);
    stage_.directory.tell(socket, [id = id_, user, reason, shown = typing_.dismiss(socket)](Socket& removed) {
      let_out(removed, id);
      Visitor& visitor = visitor_of(removed);
      visitor.joined.erase(id);
      std::erase(visitor.typing, id);
      ChannelTyping::hide(removed, id, shown, user);
      events::emit<"channel:removed">(removed, events::ChannelRemoved{id.value, reason});
    });
  }
  resize();
}

void ChannelRoom::give_up(const storage::UserId& user) {
  if (attendance_.give_up(user) && !stage_.config.seed()) go(user);
}

void ChannelRoom::look_again(const storage::UserId& user) {
  if (!attendance_.has(user) && !elsewhere_.has(user)) return;
  if (hides(user)) {
    if (unnoticed_.insert(user).second) tell_left(user);
  } else if (unnoticed_.erase(user) > 0) {
    tell_joined(user, {});
  }
}

// In the original application nobody hides.
bool ChannelRoom::hides(const storage::UserId& user) const {
  return !stage_.config.seed() && hidden_.has(user, home_.clock().now());
}

void ChannelRoom::come(const storage::UserId& user, const SocketRef& socket) {
  if (hides(user)) {
    unnoticed_.insert(user);
  } else {
    tell_joined(user, socket);
  }
}

void ChannelRoom::go(const storage::UserId& user) {
  tell_peers(user);
  if (!elsewhere_.has(user) && unnoticed_.erase(user) == 0) tell_left(user);
}

bool ChannelRoom::start_typing(const Identity& who, const SocketRef& socket, TypingDialect dialect) {
  return !attendance_.has(who.user, socket) || typing_.start(who, socket, dialect);
}

void ChannelRoom::tell_joined(const storage::UserId& user, const SocketRef& socket) const {
  // In the product nobody is told about himself, not even by what a lost socket of his is told later.
  events::emit<"channel:user_joined">(stage_.here()
                                          .to(room_)
                                          .except(stage_.config.seed() ? socket.id : rooms::of_user(user))
                                          .in_episode(episodes::in_channel(id_, user, episodes::Part::begin)),
                                      events::ChannelUser{id_.value, user.value});
}

void ChannelRoom::tell_left(const storage::UserId& user) const {
  auto others = stage_.here().to(room_);
  if (!stage_.config.seed()) others = others.except(rooms::of_user(user));
  events::emit<"channel:user_left">(others.in_episode(episodes::in_channel(id_, user, episodes::Part::end)),
                                    events::ChannelUser{id_.value, user.value});
}

void ChannelRoom::expire_grace() {
  const TimePoint now = home_.clock().now();
  for (const auto& user : attendance_.overdue(now)) give_up(user);
  if (const auto next = attendance_.next()) home_.deadlines().arm(grace_, *next - now);
}

std::vector<storage::UserId> ChannelRoom::users() const {
  auto users = attendance_.users();
  for (auto& user : elsewhere_.users()) {
    if (!attendance_.has(user)) users.push_back(std::move(user));
  }
  return users;
}

std::size_t ChannelRoom::only_elsewhere() const {
  return elsewhere_.count_if([this](const storage::UserId& user) { return !attendance_.has(user); });
}

void ChannelRoom::resize() { typing_.resize(attendance_.socket_count() + elsewhere_.socket_count()); }

std::set<std::string> ChannelRoom::noticed() const {
  std::set<std::string> noticed;
  for (const auto& user : users()) {
    if (!unnoticed_.contains(user)) noticed.insert(user.value);
  }
  return noticed;
}

// --- one of many nodes

std::optional<handover::Channel> ChannelRoom::seen_by(const std::string& sid) {
  if (!order_.begun()) return std::nullopt;
  receipts_.tell();
  const TypingSight sight = typing_.sight_of(sid);
  const auto users = noticed();
  handover::Channel seen{.channelId = id_.value,
                         .modSeq = order_.last(),
                         .typists = {},
                         .state = sight.state && !sight.state->empty(),
                         .users = {users.begin(), users.end()}};
  for (const Typist& typist : sight.typists) seen.typists.push_back({.userId = typist.user.value, .name = typist.name});
  return seen;
}

void ChannelRoom::end_opening() {
  opening_ = Opening::open;
  for (auto& action : std::exchange(when_open_, {})) action();
}

void ChannelRoom::has_told() {
  while (!when_told_.empty() && when_told_.begin()->first <= order_.last()) {
    auto told = when_told_.extract(when_told_.begin());
    // Not from here: whoever waits may be the last for whom there is this room.
    home_.post(std::move(told.mapped()));
  }
}

bool ChannelRoom::keep_until(TimePoint until) {
  return std::exchange(kept_until_, std::max(kept_until_, until)) <= home_.clock().now();
}

void ChannelRoom::tell_peers(const storage::UserId& user) const {
  if (!stage_.one_of_many()) return;
  stage_.peers.tell(facts::InChannel{
      .channelId = id_.value, .userId = user.value, .in = attendance_.has(user), .sockets = attendance_.socket_count()});
}

facts::Channel ChannelRoom::standing() const {
  facts::Channel standing{.channelId = id_.value, .users = {}, .typists = typing_.own(), .sockets = attendance_.socket_count()};
  for (const auto& user : attendance_.users()) standing.users.push_back(user.value);
  return standing;
}

void ChannelRoom::hear(const NodeId& node, const facts::InChannel& fact) {
  if (opening_ == Opening::under_way) return when_open([this, node, fact] { hear(node, fact); });
  elsewhere_.count(node, fact.sockets);
  const storage::UserId user(fact.userId);
  if (fact.in) {
    come_elsewhere(node, user);
  } else {
    go_elsewhere(node, user);
  }
  resize();
}

void ChannelRoom::hear(const NodeId& node, const facts::Types& fact) {
  if (opening_ == Opening::under_way) return when_open([this, node, fact] { hear(node, fact); });
  // Who stops because of what he has said stops when that is told.
  if (!fact.types && order_.waits_for(storage::UserId(fact.typist.userId))) return;
  typing_.hear(node, fact.typist, fact.types);
}

void ChannelRoom::hear(const NodeId& node, const facts::Channel& fact) {
  elsewhere_.count(node, fact.sockets);
  const std::set<std::string> users(fact.users.begin(), fact.users.end());
  for (const auto& user : elsewhere_.users_of(node)) {
    if (!users.contains(user.value)) go_elsewhere(node, user);
  }
  for (const auto& user : users) come_elsewhere(node, storage::UserId(user));
  resize();
  typing_.hear(node, fact.typists);
}

void ChannelRoom::forget(const NodeId& node) {
  typing_.hear(node, {});
  for (const auto& user : elsewhere_.users_of(node)) go_elsewhere(node, user);
  elsewhere_.forget(node);
  resize();
}

void ChannelRoom::come_elsewhere(const NodeId& node, const storage::UserId& user) {
  if (elsewhere_.enter(node, user) && !attendance_.has(user)) come(user, {});
}

void ChannelRoom::go_elsewhere(const NodeId& node, const storage::UserId& user) {
  if (elsewhere_.leave(node, user) && !attendance_.has(user) && unnoticed_.erase(user) == 0) tell_left(user);
}

}  // namespace atrium::chat
