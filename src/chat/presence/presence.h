#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/task.h"
#include "chat/channels/channels.h"
#include "chat/events.h"
#include "chat/presence/presence_tracker.h"

namespace atrium::chat {

/// Tells the members of a workspace who of them is online, once a user over all his tabs. One shard, the first, owns the
/// tracker; a socket enters its workspace rooms by word from there, so that it gets the snapshot and every change after it.
class Presence final {
 public:
  Presence(const Stage& stage, Channels& channels);

  /// On the socket's shard, after its welcome.
  void enter(socketio::Socket& socket);
  /// On the socket's shard: it has been recovered.
  void come_back(socketio::Socket& socket);
  /// On the socket's shard: it has disconnected.
  void leave(socketio::Socket& socket, Leaving how);

  /// Any shard, resumes there.
  Task<std::vector<events::Online>> online_in(storage::WorkspaceId workspace);

  // On the owner shard.
  net::Shard& owner() const { return owner_; }
  struct Figures {
    std::size_t online = 0;  ///< users, also those away or not to be disturbed
    std::size_t away = 0;
    std::size_t dnd = 0;
    std::size_t connections = 0;  ///< of those users
  };
  Figures figures(const storage::WorkspaceId& workspace) const;
  /// `listener` hears of every workspace whose online users changed. Before the start.
  void on_change(std::function<void(const storage::WorkspaceId&)> listener) { on_change_ = std::move(listener); }
  /// Compares the tracker with the sockets there are, shard by shard, and mends what differs. How much that was: always 0,
  /// unless there is a mistake in this program.
  Task<std::size_t> audit();

  static constexpr std::size_t kSnapshot = 250;  ///< users in the snapshot; more would cost every newcomer too much

 private:
  using WhoIs = std::shared_ptr<const Identity>;

  /// `entered`: the workspaces whose people it has not been shown yet.
  void arrive(const WhoIs& who, const SocketRef& socket, const std::vector<storage::WorkspaceId>& entered);
  void lose(const WhoIs& who, const SocketRef& socket, Leaving how, const std::set<storage::ChannelId>& channels);
  void expire();
  /// Channels are told that the user left before the workspace is told that he is offline.
  Task<void> say_goodbye(storage::UserId user);
  /// What is said there tells of whether he is online.
  socketio::Emitter workspaces_of(const Identity& who, socketio::Turn turn) const;
  void changed(const Identity& who) const;

  const Stage& stage_;
  Channels& channels_;
  net::Shard& owner_;
  PresenceTracker tracker_;
  std::map<storage::UserId, std::set<storage::ChannelId>>
      lost_;                           ///< where users may be counted still who lost a socket; until offline
  std::set<storage::UserId> leaving_;  ///< whose goodbye is under way
  net::Deadline grace_;
  std::function<void(const storage::WorkspaceId&)> on_change_;
};

}  // namespace atrium::chat
