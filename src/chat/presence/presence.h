#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "base/task.h"
#include "chat/channels/channels.h"
#include "chat/events.h"
#include "chat/presence/last_seen_log.h"
#include "chat/presence/own_roster.h"
#include "chat/presence/presence_news.h"
#include "chat/presence/presence_tracker.h"

namespace atrium::chat {

/// Who is online, once a user over all his tabs. One shard, the first, owns all of it: the tracker, what each workspace is told
/// of it, and the order in which that happens.
class Presence final {
 public:
  /// `choices`: what users have chosen to be shown as before this start.
  Presence(const Stage& stage, Channels& channels, storage::PresenceStore& store,
           const std::vector<storage::ChosenStatus>& choices);

  // On the socket's shard.
  /// After its welcome, or when it has been recovered. `online`: whom it takes for online, from another node, if it is told
  /// each change by itself.
  void enter(socketio::Socket& socket, std::vector<std::string> online = {});
  /// It has disconnected.
  void leave(socketio::Socket& socket, Leaving how);
  /// Any shard: a lost client of the user has gone to another node, which is about to say so.
  void expect_elsewhere(const storage::UserId& user);
  /// Its user has done something.
  void active(socketio::Socket& socket);
  void subscribe(const Reply& reply, events::Subscription wanted);
  void sync(const Reply& reply, const events::WorkspaceRef& wanted);
  Task<void> choose(Reply reply, events::StatusRequest wanted);

  // Any shard, resumes there.
  Task<Outcome<events::OwnStatus>> choose(storage::UserId user, events::StatusRequest wanted);
  Task<events::OwnStatus> chosen(storage::UserId user);
  /// Those who are online in the workspace (only those of `status`, if one is given), by id: up to `limit` after `after`.
  Task<std::vector<events::PresentUser>> online_in(storage::WorkspaceId workspace, std::optional<Status> status,
                                                   storage::UserId after, std::size_t limit);
  /// Whom those take for online who are told each change in one of these workspaces by itself.
  Task<std::vector<std::string>> told_online(std::vector<storage::WorkspaceId> workspaces);
  /// Those of `users` who are online in the workspace.
  Task<std::vector<events::PresentUser>> online_among(storage::WorkspaceId workspace, std::vector<storage::UserId> users);

  // On the owner shard.
  /// The user has become a member: his sockets hear of the workspace from now on, beginning with how things stand.
  void enter_workspace(const storage::UserId& user, const storage::WorkspaceId& workspace);
  /// He is a member no more: for the others there he is offline, and nothing of theirs reaches him.
  void leave_workspace(const storage::UserId& user, const storage::WorkspaceId& workspace);
  /// The workspace is no more.
  void close_workspace(const storage::WorkspaceId& workspace);
  net::Shard& owner() const { return owner_; }
  struct Figures {
    std::size_t online = 0;  ///< users, also those away or not to be disturbed
    std::size_t away = 0;
    std::size_t dnd = 0;
    std::size_t connections = 0;  ///< of those users
  };
  Figures figures(const storage::WorkspaceId& workspace) const;
  /// Of all who have sockets of this node: how many, and their connections.
  Figures own_figures() const;
  /// `listener` hears of every workspace whose online users changed. Before the start.
  void on_change(std::function<void(const storage::WorkspaceId&)> listener) { on_change_ = std::move(listener); }
  /// Compares the tracker with the sockets there are, shard by shard, and what is shown with the tracker, and mends what
  /// differs. How much that was: always 0, unless there is a mistake in this program.
  Task<std::size_t> audit();

 private:
  using WhoIs = PresenceTracker::WhoIs;

  void listen_to_peers();
  void hear(const NodeId& node, const facts::Here& here);
  void hear(const NodeId& node, const facts::Gone& gone);
  void hear(const NodeId& node, const facts::Roster& roster);
  void forget(const NodeId& node);
  void lose(const storage::UserId& user, const NodeId& node);
  /// What users have chosen, as the database has it.
  Task<void> read_choices();
  void take_choice(const storage::UserId& user, std::optional<PresenceTracker::Choice> choice);

  void arrive(const WhoIs& who, const SocketRef& socket, bool v2, const std::vector<std::string>& online = {});
  void lose(const WhoIs& who, const SocketRef& socket, Leaving how, const std::set<storage::ChannelId>& channels);
  /// The user was one identity (null: he was not here) and is another.
  /// `newcomer` is introduced by itself.
  void move(const WhoIs& before, const WhoIs& after, const SocketRef& newcomer = {});
  /// A user who is here is in other workspaces from now on.
  void become(const WhoIs& who);
  /// Shows how the user is now, where he is. Whether that is anything new.
  bool publish(const storage::UserId& user);
  /// Does what the time has brought, and waits for the next.
  void wake();
  void wait();
  /// Channels are told that the user left before the workspace is told that he is offline.
  Task<void> say_goodbye(storage::UserId user);
  void tell_own_status(const storage::UserId& user, const PresenceTracker::Device& device);
  events::OwnStatus own_status(const storage::UserId& user) const;
  void tell_as_seed(const Identity& who, const socketio::Outgoing& event) const;
  std::size_t audit_shard(const net::Shard& shard, const std::map<SocketRef, std::pair<WhoIs, bool>>& live);
  std::size_t audit_views();
  Duration grace_of(Leaving how) const;
  /// Brings the channels in line with what he has chosen to be: hidden or not.
  void tell_channels(const storage::UserId& user);
  void changed(const Identity& who) const;
  /// Something has changed about him; who is not shown changes nothing, or it would be noticed that he is here.
  void changed_if_shown(const Identity& who) const;
  TimePoint now() const { return owner_.clock().now(); }

  const Stage& stage_;
  Channels& channels_;
  storage::PresenceStore& store_;
  net::Shard& owner_;
  PresenceTracker tracker_;
  PresenceNews news_;
  OwnRoster own_;
  LastSeenLog last_seen_;
  /// Channels where users may be counted still who lost a socket; until offline.
  std::map<storage::UserId, std::set<storage::ChannelId>> lost_;
  std::uint64_t choices_taken_ = 0;
  net::Deadline wake_;
  TimePoint wake_at_{};  ///< while armed
  std::function<void(const storage::WorkspaceId&)> on_change_;
};

}  // namespace atrium::chat
