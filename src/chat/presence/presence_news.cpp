#include "chat/presence/presence_news.h"

#include <algorithm>
#include <set>

#include "base/timestamp.h"
#include "chat/episodes.h"
#include "chat/events/outgoing.h"
#include "chat/rooms.h"

namespace atrium::chat {

using storage::UserId;
using storage::WorkspaceId;

/// One workspace from its first visitor on. That it outlives the last one keeps a secret: who comes when nobody is shown must
/// not learn, from a version that begins anew or does not, whether somebody hidden is there.
struct PresenceNews::Scene {
  Scene(WorkspaceId which, PresenceFeed::Options options, UniqueFunction<void()> on_due)
      : id(std::move(which)), feed(options), wake(std::move(on_due)) {}

  const WorkspaceId id;
  std::size_t users = 0;
  PresenceFeed feed;
  Watchers watchers;
  socketio::Prepared standing;  ///< none: to be made when the next asks
  PresenceFeed::Mode standing_mode = PresenceFeed::Mode::full;
  std::size_t standing_count = 0;
  std::shared_ptr<const Replay> replay;  ///< the same
  net::Deadline wake;
  TimePoint wake_at{};  ///< while armed
};

PresenceNews::PresenceNews(const Stage& stage, const PresenceTracker& tracker, net::Shard& owner)
    : stage_(stage), tracker_(tracker), owner_(owner) {}
PresenceNews::~PresenceNews() = default;

void PresenceNews::enter(const WorkspaceId& workspace) {
  auto& scene = scenes_[workspace];
  if (!scene) {
    const Config& config = stage_.config;
    const PresenceFeed::Options options{.full_max = config.presence_full_max, .window = config.presence_window};
    scene = std::make_unique<Scene>(workspace, options, [this, workspace] { settle(*scenes_.at(workspace)); });
  }
  ++scene->users;
}

void PresenceNews::leave(const WorkspaceId& workspace, const UserId& user) {
  show(workspace, user, std::nullopt);
  --scenes_.at(workspace)->users;
}

void PresenceNews::close(const WorkspaceId& workspace) {
  const auto scene = scenes_.find(workspace);
  if (scene != scenes_.end() && scene->second->users == 0) scenes_.erase(scene);
}

bool PresenceNews::show(const WorkspaceId& workspace, const UserId& user, std::optional<PresenceTracker::Shown> shown) {
  Scene& scene = *scenes_.at(workspace);
  if (!scene.feed.show(user, std::move(shown), owner_.clock().now())) return false;
  settle(scene);
  return true;
}

// Whatever is due is told; the rest wakes us.
void PresenceNews::settle(Scene& scene) {
  const TimePoint now = owner_.clock().now();
  auto due = scene.feed.due();
  for (; due && *due <= now; due = scene.feed.due()) tell(scene, scene.feed.flush(now));
  if (!due || (scene.wake.armed() && scene.wake_at <= *due)) return;
  scene.wake_at = *due;
  owner_.deadlines().arm(scene.wake, *due - now);
}

void PresenceNews::tell(Scene& scene, const PresenceFeed::Flush& flush) {
  if (flush.diff || flush.count || flush.full_again) {
    scene.standing = {};
    scene.replay = nullptr;
  }
  if (stage_.config.seed()) return;
  tell_legacy(scene, flush);
  if (flush.full_again) {
    introduce_all(scene);
    scene.watchers.catch_up(scene.feed.wver());
    return;
  }
  if (flush.diff) tell_diff(scene, flush);
  if (flush.count) stage_.here().to(rooms::of_presence_diffs(scene.id)).send(standing(scene));
}

void PresenceNews::tell_legacy(const Scene& scene, const PresenceFeed::Flush& flush) const {
  for (const auto& change : flush.legacy_offline) {
    events::emit<"presence:offline">(unheard_of(scene, change).in_episode(episodes::online(change.user, episodes::Part::end)),
                                     events::Offline{change.user.value});
  }
  for (const auto& change : flush.legacy_online) {
    events::emit<"presence:online">(unheard_of(scene, change).in_episode(episodes::online(change.user, episodes::Part::begin)),
                                    events::Online{change.user.value, change.shown.who->name});
  }
}

socketio::Emitter PresenceNews::unheard_of(const Scene& scene, const PresenceFeed::Change& change) const {
  // Who shares two workspaces with him takes him for online from the first that says so until the last that does not. And
  // nobody is told of himself.
  auto emitter = stage_.here().to(rooms::of_presence_events(scene.id)).except(rooms::of_user(change.user));
  for (const auto& workspace : change.shown.who->workspaces) {
    if (workspace == scene.id) continue;
    const PresenceFeed* other = feed(workspace);
    if (other && other->told_legacy(change.user)) emitter = emitter.except(rooms::of_presence_events(workspace));
  }
  return emitter;
}

void PresenceNews::tell_diff(Scene& scene, const PresenceFeed::Flush& flush) {
  if (flush.mode == PresenceFeed::Mode::full) {
    const auto diff = events::prepare<"presence:diff">(stage_.nsp, to_event(scene.id, *flush.diff));
    stage_.here().to(rooms::of_presence_diffs(scene.id)).send(diff);
    scene.watchers.catch_up(flush.diff->wver);
    return;
  }
  for (const auto& [watcher, portion] : scene.watchers.portions_of(*flush.diff)) {
    stage_.directory.tell(watcher, [diff = events::prepare<"presence:diff">(stage_.nsp, to_event(scene.id, portion))](
                                       socketio::Socket& socket) { socket.send(diff); });
  }
}

void PresenceNews::introduce_all(const Scene& scene) {
  for (const UserId& user : tracker_.users()) {
    const auto& workspaces = tracker_.find(user)->workspaces;
    if (std::find(workspaces.begin(), workspaces.end(), scene.id) == workspaces.end()) continue;
    for (const Device& device : tracker_.devices_of(user)) introduce(device, user, {scene.id});
  }
}

void PresenceNews::introduce(const Device& device, const UserId& user, const std::vector<WorkspaceId>& workspaces) {
  const bool seed = stage_.config.seed();
  std::vector<std::string> rooms;
  std::vector<socketio::Prepared> states;
  std::vector<std::shared_ptr<const Replay>> replays;
  for (const auto& workspace : workspaces) {
    Scene& scene = *scenes_.at(workspace);
    rooms.push_back(rooms::of_workspace(workspace));
    if (seed) continue;
    if (device.v2) {
      rooms.push_back(rooms::of_presence_diffs(workspace));
      states.push_back(standing(scene));
    } else if (scene.feed.mode() == PresenceFeed::Mode::full) {
      rooms.push_back(rooms::of_presence_events(workspace));
      replays.push_back(replay(scene));
    }
  }
  stage_.directory.tell(device.socket, [user, rooms = std::move(rooms), states = std::move(states),
                                        replays = std::move(replays)](socketio::Socket& newcomer) {
    for (const auto& room : rooms) newcomer.join(room);
    for (const auto& state : states) newcomer.send(state);
    std::set<UserId> heard;
    for (const auto& replay : replays) {
      for (const auto& [other, online] : *replay) {
        if (other != user && (replays.size() == 1 || heard.insert(other).second)) newcomer.send(online);
      }
    }
  });
}

void PresenceNews::correct(const Device& device, const UserId& user, const std::vector<WorkspaceId>& workspaces,
                           const std::vector<std::string>& online) const {
  if (device.v2 || stage_.config.seed()) return;
  std::vector<UserId> gone;
  for (const auto& word : online) {
    const UserId other(word);
    const bool is_told = std::any_of(workspaces.begin(), workspaces.end(), [&](const WorkspaceId& workspace) {
      return scenes_.at(workspace)->feed.told_legacy(other);
    });
    if (other != user && !is_told) gone.push_back(other);
  }
  stage_.directory.tell(device.socket, [gone = std::move(gone)](socketio::Socket& newcomer) {
    for (const UserId& other : gone) {
      newcomer.send(events::event<"presence:offline">(events::Offline{other.value}),
                    {.episode = episodes::online(other, episodes::Part::end)});
    }
  });
}

void PresenceNews::withdraw(const SocketRef& socket, const WorkspaceId& workspace) {
  forget(socket, {workspace});
  stage_.directory.tell(socket, [workspace](socketio::Socket& leaver) {
    leaver.leave(rooms::of_workspace(workspace));
    leaver.leave(rooms::of_presence_diffs(workspace));
    leaver.leave(rooms::of_presence_events(workspace));
  });
}

void PresenceNews::forget(const SocketRef& socket, const std::vector<WorkspaceId>& workspaces) {
  for (const auto& workspace : workspaces) {
    if (const auto scene = scenes_.find(workspace); scene != scenes_.end()) scene->second->watchers.forget(socket);
  }
}

std::uint64_t PresenceNews::sync(const SocketRef& socket, const WorkspaceId& workspace) {
  Scene& scene = *scenes_.at(workspace);
  stage_.directory.tell(socket, [state = standing(scene)](socketio::Socket& asker) { asker.send(state); });
  return scene.feed.wver();
}

events::Subscribed PresenceNews::watch(const SocketRef& socket, const WorkspaceId& workspace, std::vector<UserId> users) {
  Scene& scene = *scenes_.at(workspace);
  events::Subscribed subscribed{.workspaceId = workspace.value, .wver = scene.feed.wver(), .users = {}};
  for (const UserId& user : users) {
    events::WatchedUser watched{.userId = user.value, .userName = {}, .status = Status::offline, .lastActiveAt = {}};
    if (const auto* told = scene.feed.told(user)) {
      auto is = present(user, *told);
      watched = {.userId = user.value, .userName = is.userName, .status = is.status, .lastActiveAt = is.lastActiveAt};
    }
    subscribed.users.push_back(std::move(watched));
  }
  scene.watchers.watch(socket, std::move(users), scene.feed.wver());
  return subscribed;
}

const PresenceFeed* PresenceNews::feed(const WorkspaceId& workspace) const {
  const auto scene = scenes_.find(workspace);
  return scene == scenes_.end() ? nullptr : &scene->second->feed;
}

WallTime PresenceNews::quantized(TimePoint time) const {
  const auto ago = std::chrono::duration_cast<std::chrono::milliseconds>(owner_.clock().now() - time);
  return std::chrono::floor<std::chrono::duration<std::int64_t, std::ratio<60>>>(owner_.clock().wall() - ago);
}

events::PresentUser PresenceNews::present(const UserId& user, const PresenceTracker::Shown& shown) const {
  return {.userId = user.value,
          .userName = shown.who->name,
          .status = shown.status,
          .lastActiveAt = to_iso8601(quantized(shown.active))};
}

std::vector<events::PresentUser> PresenceNews::present(const std::vector<PresenceFeed::Change>& changes) const {
  std::vector<events::PresentUser> users;
  users.reserve(changes.size());
  for (const auto& change : changes) users.push_back(present(change.user, change.shown));
  return users;
}

events::PresenceDiff PresenceNews::to_event(const WorkspaceId& workspace, const PresenceFeed::Diff& diff) const {
  events::PresenceDiff event{.workspaceId = workspace.value,
                             .from = diff.from,
                             .wver = diff.wver,
                             .offline = {},
                             .online = present(diff.online),
                             .updated = present(diff.updated)};
  for (const auto& change : diff.offline) event.offline.push_back({change.user.value});
  return event;
}

const socketio::Prepared& PresenceNews::standing(Scene& scene) {
  const PresenceFeed::Mode mode = scene.feed.mode();
  const std::size_t online = scene.feed.live_count();
  const bool large = mode == PresenceFeed::Mode::large;
  if (scene.standing && scene.standing_mode == mode && !(large && scene.standing_count != online)) return scene.standing;
  scene.standing_mode = mode;
  scene.standing_count = online;
  if (!large) {
    const events::PresenceState state{
        .workspaceId = scene.id.value, .wver = scene.feed.wver(), .users = present(scene.feed.told())};
    scene.standing = events::prepare<"presence:state">(stage_.nsp, state);
  } else {
    const events::PresenceCount count{.workspaceId = scene.id.value, .online = online};
    scene.standing = events::prepare<"presence:count">(stage_.nsp, count);
  }
  return scene.standing;
}

std::shared_ptr<const PresenceNews::Replay> PresenceNews::replay(Scene& scene) {
  if (scene.replay) return scene.replay;
  auto replay = std::make_shared<Replay>();
  for (const auto& [user, shown] : scene.feed.told()) {
    replay->emplace_back(user, events::prepare<"presence:online">(stage_.nsp, events::Online{user.value, shown.who->name}));
  }
  return scene.replay = std::move(replay);
}

std::vector<WorkspaceId> PresenceNews::workspaces() const {
  std::vector<WorkspaceId> all;
  for (const auto& [id, scene] : scenes_) all.push_back(id);
  return all;
}

}  // namespace atrium::chat
