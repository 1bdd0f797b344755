#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "chat/events/presence_events.h"
#include "chat/presence/presence_feed.h"
#include "chat/presence/watchers.h"
#include "chat/stage.h"

namespace atrium::chat {

/// Tells the members of each workspace how the others are, each in the way that its client understands. Lives on the
/// presence's owner shard, from which a socket also enters and leaves the rooms of these events: so it gets a state, and every
/// change after it. What is told to many is encoded once.
class PresenceNews final {
 public:
  /// `tracker` says who is here.
  PresenceNews(const Stage& stage, const PresenceTracker& tracker, net::Shard& owner);
  ~PresenceNews();

  using WhoIs = PresenceTracker::WhoIs;
  using Device = PresenceTracker::Device;

  /// The user counts among those in the workspace, though perhaps unseen, until he leaves it.
  void enter(const storage::WorkspaceId& workspace);
  void leave(const storage::WorkspaceId& workspace, const storage::UserId& user);
  /// The workspace is no more. Others are known from their first user on.
  void close(const storage::WorkspaceId& workspace);
  /// `user` is from now on as `shown` says, none: offline. False when that is nothing new.
  bool show(const storage::WorkspaceId& workspace, const storage::UserId& user, std::optional<PresenceTracker::Shown> shown);

  /// A socket hears of these workspaces from now on, beginning with how things stand.
  void introduce(const Device& device, const storage::UserId& user, const std::vector<storage::WorkspaceId>& workspaces);
  /// The socket, which has just been introduced, takes those for online: it is told of those who are not.
  void correct(const Device& device, const storage::UserId& user, const std::vector<storage::WorkspaceId>& workspaces,
               const std::vector<std::string>& online) const;
  void withdraw(const SocketRef& socket, const storage::WorkspaceId& workspace);
  /// The socket has gone.
  void forget(const SocketRef& socket, const std::vector<storage::WorkspaceId>& workspaces);
  /// How things stand, once more, to a socket with "presence.v2". The version they have.
  std::uint64_t sync(const SocketRef& socket, const storage::WorkspaceId& workspace);
  events::Subscribed watch(const SocketRef& socket, const storage::WorkspaceId& workspace, std::vector<storage::UserId> users);

  /// Those that somebody is in.
  std::vector<storage::WorkspaceId> workspaces() const;
  /// Null while nobody is in the workspace.
  const PresenceFeed* feed(const storage::WorkspaceId& workspace) const;
  events::PresentUser present(const storage::UserId& user, const PresenceTracker::Shown& shown) const;
  /// To the minute.
  WallTime quantized(TimePoint time) const;

 private:
  using Replay = std::vector<std::pair<storage::UserId, socketio::Prepared>>;
  struct Scene;

  void settle(Scene& scene);
  void tell(Scene& scene, const PresenceFeed::Flush& flush);
  void tell_legacy(const Scene& scene, const PresenceFeed::Flush& flush) const;
  void tell_diff(Scene& scene, const PresenceFeed::Flush& flush);
  void introduce_all(const Scene& scene);
  events::PresenceDiff to_event(const storage::WorkspaceId& workspace, const PresenceFeed::Diff& diff) const;
  std::vector<events::PresentUser> present(const std::vector<PresenceFeed::Change>& changes) const;
  /// The state, or the count where there are too many.
  const socketio::Prepared& standing(Scene& scene);
  std::shared_ptr<const Replay> replay(Scene& scene);
  /// The other rooms whose members take the user for online by single events already.
  socketio::Emitter unheard_of(const Scene& scene, const PresenceFeed::Change& change) const;

  const Stage& stage_;
  const PresenceTracker& tracker_;
  net::Shard& owner_;
  std::map<storage::WorkspaceId, std::unique_ptr<Scene>> scenes_;
};

}  // namespace atrium::chat
