#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "chat/channels/channel_room.h"
#include "chat/events.h"
#include "chat/nodes/handover.h"
#include "chat/nodes/peers.h"
#include "chat/reply.h"
#include "chat/visitor.h"
#include "chat/workspaces/membership.h"

namespace atrium::chat {

/// Brings every request about a channel to the channel's home: the one shard where all that concerns the channel happens, in
/// one order. Any shard.
class Channels final {
 public:
  Channels(const Stage& stage, const Membership& membership, storage::Database& database);

  // Events of clients, on the socket's shard, until the home has taken over; join() until the socket has been told all.
  Task<void> join(Reply reply, events::JoinRequest request);
  void leave(const Reply& reply, const events::ChannelRef& request);
  void start_typing(const Reply& reply, const events::ChannelRef& request);
  void stop_typing(const Reply& reply, const events::ChannelRef& request);
  /// The socket has been recovered.
  void come_back(socketio::Socket& socket);
  /// The socket has been recovered from another node, which showed it `views`. Ends when it has been told all that it missed.
  Task<void> come_over(std::shared_ptr<socketio::Socket> socket, std::vector<handover::Channel> views);
  /// The socket has disconnected.
  void disconnect(socketio::Socket& socket, Leaving how);

  // On the presence's owner shard.
  /// The user is hidden until then, or not. Every channel knows before it is told of anything that he does afterwards.
  void set_hidden(const storage::UserId& user, std::optional<TimePoint> until);
  bool knows_hidden(const storage::UserId& user) { return hidden_here().knows(user); }

  /// Any shard: the channel, where the user may be, is to look again whether he hides.
  void look_again(const storage::ChannelId& channel, const storage::UserId& user);
  /// Any shard.
  const Membership& membership() const { return membership_; }
  // Any shard, resume there.
  /// Who is in the channel now.
  Task<std::vector<storage::UserId>> users_in(storage::ChannelId channel);
  /// One of many nodes: somebody may come in within that time, so the channel's room is opened, and stays.
  Task<void> expect(storage::ChannelId channel, Duration within);
  /// Any shard: see ChannelRoom::expect_elsewhere().
  void expect_elsewhere(const storage::ChannelId& channel, const storage::UserId& user) {
    at_home(channel, [user](ChannelRoom& room) { room.expect_elsewhere(user); });
  }
  /// See ChannelRoom::seen_by().
  Task<std::optional<handover::Channel>> seen_by(std::string sid, storage::ChannelId channel);
  /// Who types there now.
  Task<TypingState> typing_in(storage::ChannelId channel);

  /// Any shard: `visit(channel, room)` for all rooms that there are, each at its home.
  template <class Visitor>
  void each_open(Visitor visit) {
    for (const auto& shard : stage_.shards) {
      shard->dispatch([this, visit] {
        for (const auto& [channel, room] : here()) visit(channel, *room);
      });
    }
  }

  net::Shard& home_of(const storage::ChannelId& channel) const { return stage_.shards.home_of(channel.value); }

  using OnOpen = std::function<void(const storage::ChannelId&, std::optional<std::uint64_t> mod_seq)>;
  /// `listener` is told at the channel's home that its room is open, and up to which mod_seq those who come in know what was
  /// said; none: nobody can say. Before the start.
  void on_open(OnOpen listener) { opened_ = std::move(listener); }

  /// `listener` is told at the channel's home that more is known of what was said than the room was told. Before the start.
  void on_behind(std::function<void(const storage::ChannelId&)> listener) { behind_ = std::move(listener); }

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

  /// At the channel's home: a message of `who` is being stored, and the stop of his typing is told after it.
  class Sending final {
   public:
    Sending(Channels& channels, storage::ChannelId channel, std::shared_ptr<const Identity> who, const SocketRef& socket);
    Sending(const Sending&) = delete;
    ~Sending();

   private:
    Channels& channels_;
    const storage::ChannelId channel_;
    const std::shared_ptr<const Identity> who_;
    const SocketRef socket_;
  };

  /// Somebody is about to come in, or looks in: so long the channel's room stays. Begins at the home, ends on any shard.
  class Visit final {
   public:
    Visit(Channels& channels, storage::ChannelId channel);
    Visit(const Visit&) = delete;
    ~Visit();

   private:
    Channels& channels_;
    const storage::ChannelId channel_;
  };

  static constexpr std::size_t kMaxJoined = 128;  ///< channels of one socket
  static constexpr std::size_t kMaxTyping = 5;    ///< channels in which one socket types at once

 private:
  using Rooms = std::unordered_map<storage::ChannelId, std::unique_ptr<ChannelRoom>>;

  Task<void> join_at_home(Reply reply, std::shared_ptr<const Identity> who, events::JoinRequest request);
  /// At the home, where the socket has just joined: its acknowledgement, then what it has missed.
  Task<void> answer_join(Reply reply, storage::UserId user, events::JoinRequest request, events::Joined joined);
  /// On the socket's shard: out of those channels where it may not be any more.
  Task<void> check_views(socketio::Socket& socket, const std::vector<handover::Channel>& views);
  /// Tells a socket what has been said since `mod_seq`, then what was kept back for it. False: it was too much, or cannot be
  /// read.
  Task<bool> bring_up(SocketRef socket, storage::ChannelId channel, std::uint64_t mod_seq);
  /// The same, at the home. StoreUnavailable.
  Task<bool> tell_missed(SocketRef socket, storage::ChannelId channel, std::uint64_t mod_seq);
  /// The room stays at least so long.
  void keep(ChannelRoom& room, const storage::ChannelId& channel, Duration within);
  /// In a cluster: opens the channel's room, which stays until the visit ends. Null where there is none. StoreUnavailable.
  Task<std::unique_ptr<Visit>> visit(storage::ChannelId channel);
  /// At the home, where somebody is expected: finds out what the room must know.
  Task<void> open(storage::ChannelId channel);
  /// Ends when the room of a cluster's node has been told everything up to `mod_seq`.
  Task<void> await_told(storage::ChannelId channel, std::uint64_t mod_seq);
  /// At the home: the room goes when it need not be kept any more, unless somebody is in by then.
  Task<void> drop_later(storage::ChannelId channel, Duration after);
  void listen_to_peers();
  Task<std::vector<std::string>> open_channels();
  Task<void> tell_standing(std::vector<storage::ChannelId> channels, Peers::Telling& telling);
  void send_frames(const SocketRef& socket, std::vector<MessageFrame> frames) const;
  ChannelRoom& room_of(const storage::ChannelId& channel);
  void drop_room(const storage::ChannelId& channel);
  /// Remembers where the socket types; in more than kMaxTyping places it stops where it did for the longest.
  void note_typing(Visitor& visitor, const SocketRef& socket, const storage::ChannelId& channel);
  Rooms& here();
  HiddenUsers& hidden_here();
  template <class Action>
  void at_home(const storage::ChannelId& channel, Action action) {
    home_of(channel).dispatch([this, channel, action = std::move(action)] { in_room(channel, action); });
  }

  const Stage& stage_;
  const Membership& membership_;
  storage::Database& database_;
  std::vector<Rooms> rooms_;         ///< one table a shard, touched by that shard only
  std::vector<HiddenUsers> hidden_;  ///< the same
  OnOpen opened_;
  std::function<void(const storage::ChannelId&)> behind_;
};

}  // namespace atrium::chat
