#include "chat/presence/presence.h"

#include <algorithm>
#include <exception>

#include "chat/events/outgoing.h"
#include "chat/nodes/handover.h"
#include "chat/presence/status_choice.h"
#include "chat/rooms.h"
#include "net/hop.h"

namespace atrium::chat {

using socketio::Socket;
using storage::ChannelId;
using storage::UserId;
using storage::WorkspaceId;

namespace {

/// How often a socket that is busy says so: what is not told within this time makes the user away a little late, not early.
Duration sign_interval(const Config& config) { return config.presence_away / 10; }

constexpr Duration kOnTheWay = std::chrono::milliseconds(50);  ///< what one node tells another

}  // namespace

Presence::Presence(const Stage& stage, Channels& channels, storage::PresenceStore& store,
                   const std::vector<storage::ChosenStatus>& choices)
    : stage_(stage),
      channels_(channels),
      store_(store),
      owner_(stage.shards[0]),
      tracker_(stage.config.presence_away + sign_interval(stage.config)),
      news_(stage, tracker_, owner_),
      own_(tracker_, stage.peers, owner_.clock()),
      last_seen_(store, owner_),
      wake_([this] { wake(); }) {
  for (const auto& choice : choices) {
    tracker_.choose(choice.user, to_choice(choice, owner_.clock()), now());
    tell_channels(choice.user);
  }
  listen_to_peers();
}

void Presence::enter(Socket& socket, std::vector<std::string> online) {
  Visitor& visitor = visitor_of(socket);
  visitor.last_sign = socket.shard().clock().now();
  owner_.dispatch([this, who = visitor.identity, id = ref_of(socket), v2 = visitor.caps.presence_v2,
                   online = std::move(online)] { arrive(who, id, v2, online); });
}

void Presence::leave(Socket& socket, Leaving how) {
  const Visitor& visitor = visitor_of(socket);
  owner_.dispatch(
      [this, who = visitor.identity, id = ref_of(socket), how, channels = visitor.joined] { lose(who, id, how, channels); });
}

void Presence::expect_elsewhere(const UserId& user) {
  owner_.dispatch([this, user] {
    tracker_.shorten(user, now() + handover::kMoving, now());
    wait();
  });
}

void Presence::active(Socket& socket) {
  Visitor& visitor = visitor_of(socket);
  const TimePoint at = socket.shard().clock().now();
  if (at - visitor.last_sign < sign_interval(stage_.config)) return;
  visitor.last_sign = at;
  owner_.dispatch([this, user = visitor.identity->user, id = ref_of(socket)] {
    tracker_.active(user, id, now());
    if (publish(user)) changed(*tracker_.find(user));
    own_.look(user);
    wait();
  });
}

void Presence::arrive(const WhoIs& who, const SocketRef& socket, bool v2, const std::vector<std::string>& online) {
  const WhoIs before = tracker_.find(who->user);
  const PresenceTracker::Device device{.socket = socket, .v2 = v2, .active = now()};
  if (tracker_.arrive(who, device) == PresenceTracker::Arrival::known) return;
  // The newcomer is in no room yet, and heard of himself with his welcome.
  if (stage_.config.seed()) tell_as_seed(*who, events::event<"presence:online">(events::Online{who->user.value, who->name}));
  move(before, who, socket);
  news_.introduce(device, who->user, who->workspaces);
  news_.correct(device, who->user, who->workspaces, online);
  if (v2 && tracker_.choice(who->user, now())) tell_own_status(who->user, device);
  changed_if_shown(*who);
  own_.look(who->user);
  wait();
}

void Presence::move(const WhoIs& before, const WhoIs& after, const SocketRef& newcomer) {
  static const std::vector<WorkspaceId> kNowhere;
  const auto& devices = tracker_.devices_of(after->user);
  std::vector<WorkspaceId> entered;
  for (const auto& workspace : before ? before->workspaces : kNowhere) {
    if (is_in(*after, workspace)) continue;
    for (const auto& device : devices) news_.withdraw(device.socket, workspace);
    news_.leave(workspace, after->user);
  }
  for (const auto& workspace : after->workspaces) {
    if (before && is_in(*before, workspace)) continue;
    news_.enter(workspace);
    entered.push_back(workspace);
  }
  publish(after->user);
  for (const auto& device : devices) {
    if (!entered.empty() && device.socket != newcomer) news_.introduce(device, after->user, entered);
  }
}

void Presence::lose(const WhoIs& who, const SocketRef& socket, Leaving how, const std::set<ChannelId>& channels) {
  if (!tracker_.lose(who->user, socket, now(), now() + grace_of(how))) return;
  if (!channels.empty()) lost_[who->user].insert(channels.begin(), channels.end());
  news_.forget(socket, tracker_.find(who->user)->workspaces);
  publish(who->user);
  changed_if_shown(*who);
  own_.look(who->user);
  wake();
}

Duration Presence::grace_of(Leaving how) const {
  const Config& config = stage_.config;
  // Another node may be about to say that he has come there.
  if (how == Leaving::on_purpose) return stage_.one_of_many() ? kOnTheWay : Duration::zero();
  if (how == Leaving::connection_lost) return config.presence_grace;
  // Nothing was heard since the ping before the one that was not answered.
  const Duration silence = config.ping_interval + config.ping_timeout;
  return std::max(std::min<Duration>(std::chrono::seconds(1), config.presence_grace), config.presence_grace - silence);
}

bool Presence::publish(const UserId& user) {
  const WhoIs who = tracker_.find(user);
  if (!who) return false;
  bool news = false;
  for (const auto& workspace : who->workspaces) news |= news_.show(workspace, user, tracker_.shown(user, now()));
  return news;
}

void Presence::wake() {
  const auto due = tracker_.advance(now());
  for (const UserId& user : due.changed) {
    if (publish(user)) changed(*tracker_.find(user));
    own_.look(user);
    if (channels_.knows_hidden(user)) tell_channels(user);
  }
  for (const UserId& user : due.gone) spawn(say_goodbye(user));
  wait();
}

void Presence::wait() {
  const auto next = tracker_.next();
  if (!next) return wake_.cancel();
  if (wake_.armed() && wake_at_ <= *next) return;
  wake_at_ = *next;
  owner_.deadlines().arm(wake_, std::max(Duration::zero(), *next - now()));
}

Task<void> Presence::say_goodbye(UserId user) {
  const auto channels = lost_.contains(user) ? lost_.at(user) : std::set<ChannelId>();
  for (const ChannelId& channel : channels) {
    co_await net::hop_to(channels_.home_of(channel));
    channels_.in_room(channel, [&user](ChannelRoom& room) { room.give_up(user); });
  }
  // What other nodes have told the channels comes first too.
  if (stage_.one_of_many()) {
    for (const auto& shard : stage_.shards) co_await net::hop_to(*shard);
  }
  co_await net::hop_to(owner_);
  const auto gone = tracker_.give_up(user, now());
  own_.look(user);
  if (!tracker_.own(user, now())) lost_.erase(user);
  if (!gone) co_return;
  if (!gone->hidden && (gone->ours || stage_.peers.leads())) last_seen_.note(user, news_.quantized(gone->closed));
  for (const auto& workspace : gone->who->workspaces) news_.leave(workspace, user);
  if (stage_.config.seed()) tell_as_seed(*gone->who, events::event<"presence:offline">(events::Offline{user.value}));
  if (!gone->hidden) changed(*gone->who);
  wait();
}

void Presence::enter_workspace(const UserId& user, const WorkspaceId& workspace) {
  const WhoIs before = tracker_.find(user);
  if (before && !is_in(*before, workspace)) become(with_workspace(*before, workspace));
}

void Presence::leave_workspace(const UserId& user, const WorkspaceId& workspace) {
  const WhoIs before = tracker_.find(user);
  if (before && is_in(*before, workspace)) become(without_workspace(*before, workspace));
}

void Presence::close_workspace(const WorkspaceId& workspace) {
  for (const UserId& user : tracker_.users()) leave_workspace(user, workspace);
  news_.close(workspace);
}

void Presence::become(const WhoIs& who) {
  const WhoIs before = tracker_.find(who->user);
  tracker_.rename(who);
  move(before, who);
  changed_if_shown(before->workspaces.size() > who->workspaces.size() ? *before : *who);
  own_.look(who->user);
}

void Presence::tell_as_seed(const Identity& who, const socketio::Outgoing& event) const {
  // Never to everybody, not even when he is in no workspace: a room that has no members stands for that.
  socketio::Emitter emitter = stage_.here().to("ws:");
  for (const auto& workspace : who.workspaces) emitter = emitter.to(rooms::of_workspace(workspace));
  emitter.send(event);
}

void Presence::changed_if_shown(const Identity& who) const {
  if (tracker_.shown(who.user, now())) changed(who);
}

void Presence::changed(const Identity& who) const {
  if (!on_change_) return;
  for (const auto& workspace : who.workspaces) on_change_(workspace);
}

// --- what clients ask for

void Presence::subscribe(const Reply& reply, events::Subscription wanted) {
  owner_.dispatch([this, reply, socket = ref_of(reply.socket()), user = visitor_of(reply.socket()).identity->user,
                   wanted = std::move(wanted)] {
    const WorkspaceId workspace(wanted.workspaceId);
    const WhoIs who = tracker_.has(user, socket) ? tracker_.find(user) : nullptr;
    if (!who || !is_in(*who, workspace)) return reply.fail(failures::workspace_not_found());
    const std::vector<UserId> users(wanted.userIds.begin(), wanted.userIds.end());
    reply.ok(news_.watch(socket, workspace, users));
  });
}

void Presence::sync(const Reply& reply, const events::WorkspaceRef& wanted) {
  owner_.dispatch([this, reply, socket = ref_of(reply.socket()), user = visitor_of(reply.socket()).identity->user,
                   workspace = WorkspaceId(wanted.workspaceId)] {
    const WhoIs who = tracker_.has(user, socket) ? tracker_.find(user) : nullptr;
    if (!who || !is_in(*who, workspace)) return reply.fail(failures::workspace_not_found());
    const std::uint64_t wver = news_.sync(socket, workspace);
    reply.ok(events::Synced{.workspaceId = workspace.value, .wver = wver});
  });
}

Task<void> Presence::choose(Reply reply, events::StatusRequest wanted) {
  const auto chosen = co_await choose(visitor_of(reply.socket()).identity->user, std::move(wanted));
  if (!chosen) {
    reply.fail(chosen.error());
  } else {
    reply.ok(events::StatusTaken{.status = chosen->status, .until = chosen->until});
  }
}

Task<Outcome<events::OwnStatus>> Presence::choose(UserId user, events::StatusRequest wanted) {
  net::Shard& origin = *net::Shard::current();
  auto choice = to_stored(user, wanted, origin.clock().wall());
  if (!choice) co_return choice.error();
  co_await net::hop_to(owner_);
  std::exception_ptr failed;
  try {
    // Asked from here, so that choices made at the same moment are stored in the order in which they count.
    co_await store_.choose(*choice);
  } catch (...) {
    failed = std::current_exception();
  }
  if (!failed) {
    const bool was_seen = tracker_.shown(user, now()).has_value();
    take_choice(user, to_choice(*choice, owner_.clock()));
    facts::Chose chose{.userId = user.value, .status = choice->status, .until = {}};
    if (choice->until) chose.until = choice->until->time_since_epoch().count();
    stage_.peers.tell(chose);
    // For others he has just gone.
    if (was_seen && wanted.status == events::StatusWord::invisible) last_seen_.note(user, news_.quantized(now()));
  }
  const auto own = own_status(user);
  co_await net::hop_to(origin);
  if (failed) std::rethrow_exception(failed);
  co_return own;
}

void Presence::take_choice(const UserId& user, std::optional<PresenceTracker::Choice> choice) {
  ++choices_taken_;
  tracker_.choose(user, std::move(choice), now());
  if (publish(user)) changed(*tracker_.find(user));
  tell_channels(user);
  for (const auto& device : tracker_.devices_of(user)) {
    if (device.v2) tell_own_status(user, device);
  }
  wait();
}

void Presence::tell_channels(const UserId& user) {
  const auto choice = tracker_.choice(user, now());
  const bool hides = choice && choice->status == Status::invisible;
  if (!hides && !channels_.knows_hidden(user)) return;
  channels_.set_hidden(user, hides ? std::optional(choice->until.value_or(HiddenUsers::kForGood)) : std::nullopt);
  for (const auto& device : tracker_.devices_of(user)) {
    stage_.directory.tell(device.socket, [this, user](Socket& socket) {
      for (const ChannelId& channel : visitor_of(socket).joined) channels_.look_again(channel, user);
    });
  }
  const auto lost = lost_.find(user);
  if (lost == lost_.end()) return;
  for (const ChannelId& channel : lost->second) channels_.look_again(channel, user);
}

void Presence::tell_own_status(const UserId& user, const PresenceTracker::Device& device) {
  stage_.directory.tell(device.socket,
                        [own = own_status(user)](Socket& socket) { events::emit<"presence:status">(socket, own); });
}

events::OwnStatus Presence::own_status(const UserId& user) const { return to_own_status(tracker_.choice(user, now())); }

Task<events::OwnStatus> Presence::chosen(UserId user) {
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(owner_);
  const auto own = own_status(user);
  co_await net::hop_to(origin);
  co_return own;
}

Task<std::vector<events::PresentUser>> Presence::online_in(WorkspaceId workspace, std::optional<Status> status, UserId after,
                                                           std::size_t limit) {
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(owner_);
  std::vector<events::PresentUser> page;
  if (const PresenceFeed* feed = news_.feed(workspace); feed && limit > 0) {
    feed->each_live(after, [&](const UserId& user, const PresenceTracker::Shown& shown) {
      if (!status || shown.status == *status) page.push_back(news_.present(user, shown));
      return page.size() < limit;
    });
  }
  co_await net::hop_to(origin);
  co_return page;
}

Task<std::vector<events::PresentUser>> Presence::online_among(WorkspaceId workspace, std::vector<UserId> users) {
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(owner_);
  std::vector<events::PresentUser> online;
  const PresenceFeed* feed = news_.feed(workspace);
  for (const UserId& user : users) {
    if (const auto* shown = feed ? feed->live(user) : nullptr) online.push_back(news_.present(user, *shown));
  }
  co_await net::hop_to(origin);
  co_return online;
}

Task<std::vector<std::string>> Presence::told_online(std::vector<WorkspaceId> workspaces) {
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(owner_);
  std::set<std::string> online;
  for (const WorkspaceId& workspace : workspaces) {
    const PresenceFeed* feed = news_.feed(workspace);
    if (!feed) continue;
    for (const UserId& user : feed->told_legacy()) online.insert(user.value);
  }
  co_await net::hop_to(origin);
  co_return std::vector<std::string>(online.begin(), online.end());
}

Presence::Figures Presence::figures(const WorkspaceId& workspace) const {
  Figures figures;
  const PresenceFeed* feed = news_.feed(workspace);
  if (!feed) return figures;
  feed->each_live(UserId(), [&](const UserId& user, const PresenceTracker::Shown& shown) {
    ++figures.online;
    figures.away += shown.status == Status::away;
    figures.dnd += shown.status == Status::dnd;
    figures.connections += tracker_.device_count(user);
    return true;
  });
  return figures;
}

}  // namespace atrium::chat
