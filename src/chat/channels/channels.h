#pragma once

#include <atomic>
#include <memory>
#include <unordered_map>
#include <vector>

#include "chat/channels/channel_room.h"
#include "chat/events.h"
#include "chat/reply.h"
#include "chat/visitor.h"
#include "chat/workspaces/membership.h"

namespace atrium::chat {

/// Brings every request about a channel to the channel's home: the one shard where all that concerns the channel happens, in
/// one order. Any shard.
class Channels final {
 public:
  Channels(const Stage& stage, const Membership& membership, storage::Database& database);

  // Events of clients, on the socket's shard, until the home has taken over.
  Task<void> join(Reply reply, events::ChannelRef request);
  void leave(const Reply& reply, const events::ChannelRef& request);
  void start_typing(const Reply& reply, const events::ChannelRef& request);
  void stop_typing(const Reply& reply, const events::ChannelRef& request);
  /// The socket has been recovered. `removals`: how many there had been before it was asked where it may still be.
  void come_back(socketio::Socket& socket, std::uint64_t removals);
  /// The socket has disconnected.
  void disconnect(socketio::Socket& socket, Leaving how);

  /// Any shard: a membership was given.
  void add(const storage::ChannelId& channel, const storage::UserId& user);
  /// Any shard: a membership was taken away.
  void remove(const storage::ChannelId& channel, const storage::UserId& user, const std::string& reason);
  /// How many memberships were taken away since the start.
  std::uint64_t removals() const { return removals_; }

  net::Shard& home_of(const storage::ChannelId& channel) const { return stage_.shards.home_of(channel.value); }

  // At the channel's home.
  /// Null while nobody is in.
  ChannelRoom* find_room(const storage::ChannelId& channel);
  /// For what may empty the room: it goes with its last user.
  template <class Action>
  void in_room(const storage::ChannelId& channel, Action action) {
    ChannelRoom* room = find_room(channel);
    if (!room) return;
    action(*room);
    if (room->empty()) drop_room(channel);
  }

  static constexpr std::size_t kMaxJoined = 128;  ///< channels of one socket

 private:
  using Rooms = std::unordered_map<storage::ChannelId, std::unique_ptr<ChannelRoom>>;

  Task<void> join_at_home(Reply reply, std::shared_ptr<const Identity> who, storage::ChannelId channel);
  Task<void> put_out_if_removed(std::shared_ptr<const Identity> who, storage::ChannelId channel);
  ChannelRoom& room_of(const storage::ChannelId& channel);
  void drop_room(const storage::ChannelId& channel);
  Rooms& here();
  template <class Action>
  void at_home(const storage::ChannelId& channel, Action action);

  const Stage& stage_;
  const Membership& membership_;
  storage::Database& database_;
  std::atomic<std::uint64_t> removals_ = 0;
  std::vector<Rooms> rooms_;  ///< one table a shard, touched by that shard only
};

}  // namespace atrium::chat
