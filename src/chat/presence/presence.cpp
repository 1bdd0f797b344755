#include "chat/presence/presence.h"

#include "base/log.h"
#include "chat/rooms.h"
#include "chat/topics.h"
#include "net/hop.h"

namespace atrium::chat {

using socketio::Socket;
using socketio::Turn;
using storage::ChannelId;
using storage::UserId;
using storage::WorkspaceId;

Presence::Presence(const Stage& stage, Channels& channels)
    : stage_(stage), channels_(channels), owner_(stage.shards[0]), grace_([this] { expire(); }) {}

void Presence::enter(Socket& socket) {
  owner_.dispatch([this, who = visitor_of(socket).identity, id = ref_of(socket)] { arrive(who, id, who->workspaces); });
}

void Presence::come_back(Socket& socket) {
  const auto who = visitor_of(socket).identity;
  const auto rooms = socket.rooms();
  auto entered = who->workspaces;
  std::erase_if(entered, [&](const WorkspaceId& workspace) {
    return std::find(rooms.begin(), rooms.end(), rooms::of_workspace(workspace)) != rooms.end();
  });
  owner_.dispatch([this, who, id = ref_of(socket), entered = std::move(entered)] { arrive(who, id, entered); });
}

void Presence::leave(Socket& socket, Leaving how) {
  const Visitor& visitor = visitor_of(socket);
  owner_.dispatch(
      [this, who = visitor.identity, id = ref_of(socket), how, channels = visitor.joined] { lose(who, id, how, channels); });
}

void Presence::arrive(const WhoIs& who, const SocketRef& socket, const std::vector<WorkspaceId>& entered) {
  const auto arrival = tracker_.arrive(who, socket);
  if (arrival == Attendance::Arrival::known) return;
  const events::Online online{who->user.value, who->name};
  // The newcomer is not in the rooms yet, and heard of himself with his welcome.
  const bool news = arrival == Attendance::Arrival::first;
  if (news || stage_.config.seed()) workspaces_of(*who, Turn::begins).emit("presence:online", online);
  std::vector<events::Online> snapshot;
  if (!stage_.config.seed()) {
    std::set<UserId> seen{who->user};
    for (const auto& workspace : entered) {
      for (const auto& [user, other] : tracker_.online_in(workspace)) {
        if (snapshot.size() < kSnapshot && seen.insert(user).second) snapshot.push_back({user.value, other->name});
      }
    }
  }
  stage_.directory.tell(socket, [entered, snapshot = std::move(snapshot)](Socket& newcomer) {
    for (const auto& workspace : entered) newcomer.join(rooms::of_workspace(workspace));
    for (const auto& other : snapshot) {
      newcomer.about(topics::online(UserId(other.userId)), Turn::begins).emit("presence:online", other);
    }
  });
  changed(*who);
}

void Presence::lose(const WhoIs& who, const SocketRef& socket, Leaving how, const std::set<ChannelId>& channels) {
  const Duration grace = how == Leaving::on_purpose ? Duration::zero() : stage_.config.presence_grace;
  lost_[who->user].insert(channels.begin(), channels.end());
  tracker_.lose(who->user, socket, owner_.clock().now() + grace);
  changed(*who);
  if (grace == Duration::zero()) {
    expire();
  } else if (!grace_.armed()) {
    owner_.deadlines().arm(grace_, grace);
  }
}

void Presence::expire() {
  const TimePoint now = owner_.clock().now();
  for (const UserId& user : tracker_.overdue(now)) {
    if (leaving_.insert(user).second) spawn(say_goodbye(user));
  }
  // Those whose goodbye is under way are overdue still; the next of the others wakes us.
  if (const auto next = tracker_.next(); next && *next > now && !grace_.armed()) owner_.deadlines().arm(grace_, *next - now);
}

Task<void> Presence::say_goodbye(UserId user) {
  const auto channels = lost_[user];
  for (const ChannelId& channel : channels) {
    co_await net::hop_to(channels_.home_of(channel));
    channels_.in_room(channel, [&user](ChannelRoom& room) { room.give_up(user); });
  }
  co_await net::hop_to(owner_);
  leaving_.erase(user);
  if (const auto who = tracker_.give_up(user)) {
    lost_.erase(user);
    workspaces_of(*who, Turn::ends).emit("presence:offline", events::Offline{user.value});
    changed(*who);
  }
  if (const auto next = tracker_.next(); next && !grace_.armed()) {
    owner_.deadlines().arm(grace_, std::max(Duration::zero(), *next - owner_.clock().now()));
  }
}

socketio::Emitter Presence::workspaces_of(const Identity& who, Turn turn) const {
  // Never to everybody, not even when he is in no workspace: a room that has no members stands for that.
  socketio::Emitter emitter = stage_.nsp.to("ws:");
  for (const auto& workspace : who.workspaces) emitter = emitter.to(rooms::of_workspace(workspace));
  // In the product nobody is told about himself, not even by what a lost socket of his is told later.
  if (!stage_.config.seed()) emitter = emitter.except(rooms::of_user(who.user));
  return emitter.about(topics::online(who.user), turn);
}

void Presence::changed(const Identity& who) const {
  if (!on_change_) return;
  for (const auto& workspace : who.workspaces) on_change_(workspace);
}

Task<std::vector<events::Online>> Presence::online_in(WorkspaceId workspace) {
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(owner_);
  std::vector<events::Online> online;
  for (const auto& [user, who] : tracker_.online_in(workspace)) online.push_back({user.value, who->name});
  co_await net::hop_to(origin);
  co_return online;
}

Presence::Figures Presence::figures(const WorkspaceId& workspace) const {
  const auto& online = tracker_.online_in(workspace);
  Figures figures{.online = online.size()};
  for (const auto& [user, who] : online) {
    if (const auto* sockets = tracker_.attendance().sockets_of(user)) figures.connections += sockets->size();
  }
  return figures;
}

Task<std::size_t> Presence::audit() {
  std::size_t mended = 0;
  for (auto& shard : stage_.shards) {
    co_await net::hop_to(*shard);
    std::map<SocketRef, WhoIs> live;
    for (const auto& [id, socket] : stage_.directory.on(*shard)) live.emplace(ref_of(*socket), visitor_of(*socket).identity);
    co_await net::hop_to(owner_);
    // Everything that happened on that shard before the look has been heard here by now, and nothing that came after.
    for (const auto& [id, who] : live) {
      if (tracker_.attendance().has(who->user, id)) continue;
      ++mended;
      arrive(who, id, who->workspaces);
    }
    for (const UserId& user : tracker_.attendance().users()) {
      const auto sockets = *tracker_.attendance().sockets_of(user);
      for (const auto& id : sockets) {
        if (id.shard != shard->index() || live.contains(id)) continue;
        ++mended;
        tracker_.lose(user, id, owner_.clock().now());
      }
    }
  }
  if (mended > 0) {
    log::warn("the presence audit mended {} entries", mended);
    expire();
  }
  co_return mended;
}

}  // namespace atrium::chat
