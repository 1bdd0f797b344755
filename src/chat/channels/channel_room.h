#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "chat/channels/elsewhere.h"
#include "chat/channels/hidden_users.h"
#include "chat/messages/catch_up.h"
#include "chat/messages/channel_receipts.h"
#include "chat/messages/message_order.h"
#include "chat/nodes/facts.h"
#include "chat/nodes/handover.h"
#include "chat/presence/attendance.h"
#include "chat/stage.h"
#include "chat/typing/channel_typing.h"

namespace atrium::chat {

enum class Leaving {
  on_purpose,
  connection_lost,
  fell_silent,  ///< the same, noticed by a missing pong: nothing was heard for a while already
};

/// One channel while somebody is in it: who is in, who types, and what its room is told. Lives at the channel's home shard.
/// A socket enters and leaves the Socket.IO room by word from here, in the same stream in which the room's events travel, so
/// what each receiver sees is exactly what happened while it was in.
class ChannelRoom final {
 public:
  /// `hidden`: those of whom the room is told nothing, as the home knows them.
  ChannelRoom(const Stage& stage, storage::ChannelId id, net::Shard& home, const HiddenUsers& hidden);

  /// Those who type, as the socket is shown them.
  std::vector<Typist> join(const Identity& who, const SocketRef& socket);
  /// The socket has been recovered: it is in the Socket.IO room already, and has been told what it missed there.
  void come_back(const Identity& who, const SocketRef& socket);
  /// The socket has been recovered from another node, on which it saw what `view` tells: it is told what has become of that.
  /// Until catch_up() ends it is told no message.
  void come_over(const Identity& who, const SocketRef& socket, const handover::Channel& view);
  /// A lost socket of the user has gone to another node, which is about to say so.
  void expect_elsewhere(const storage::UserId& user);
  void leave(const Identity& who, const SocketRef& socket);
  /// The socket has disconnected. After a lost connection the user has his grace before he is said to have left.
  void disconnect(const Identity& who, const SocketRef& socket, Leaving how);
  /// Puts a user out with all his sockets, which are told the reason.
  void remove(const storage::UserId& user, const std::string& reason);
  /// Puts everybody out.
  void close(const std::string& reason);
  /// The user is about to be told offline: his grace ends here too.
  void give_up(const storage::UserId& user);
  /// The user hides from now on, or shows himself: to the others he goes, or comes.
  void look_again(const storage::UserId& user);

  /// False: so many listen here that typing is off.
  bool start_typing(const Identity& who, const SocketRef& socket, TypingDialect dialect);
  void stop_typing(const Identity& who, const SocketRef& socket) { typing_.stop(who, socket); }
  ChannelTyping& typing() { return typing_; }

  /// For sockets that are being told what they missed.
  CatchUp& catch_up() { return catch_up_; }
  ChannelReceipts& receipts() { return receipts_; }

  /// In which what is said is told.
  MessageOrder& order() { return order_; }
  /// Calls `action` when everything up to `mod_seq` has been told.
  void when_told(std::uint64_t mod_seq, UniqueFunction<void()> action) { when_told_.emplace(mod_seq, std::move(action)); }
  /// More has been told.
  void has_told();

  /// Those who are in, on any node.
  std::vector<storage::UserId> users() const;
  /// How many `user` sees, himself included.
  std::size_t user_count(const storage::UserId& user) const {
    return attendance_.user_count() + only_elsewhere() - unnoticed_.size() + unnoticed_.count(user);
  }
  /// Nobody is in, and nobody is expected.
  bool empty() const { return attendance_.user_count() == 0 && expected_ == 0 && home_.clock().now() >= kept_until_; }

  // One of many nodes: a room is opened before anybody is let in, by who has found out what was said there and how it stands on
  // the other nodes. What those tell meanwhile waits.
  enum class Opening { closed, under_way, open };
  Opening opening() const { return opening_; }
  void begin_opening() { opening_ = Opening::under_way; }
  void end_opening();
  /// What the lost socket of that id will have seen when it has been told all that is said until now. None: nobody can say.
  std::optional<handover::Channel> seen_by(const std::string& sid);
  /// Calls `action` when the room is open.
  void when_open(UniqueFunction<void()> action) { when_open_.push_back(std::move(action)); }
  /// Somebody is expected, or not any more.
  void expect(int change) { expected_ += change; }
  /// Somebody may come back until then, and find what was said meanwhile. True: the room was not kept so far.
  bool keep_until(TimePoint until);
  /// How much longer that is.
  Duration kept_for() const { return kept_until_ - home_.clock().now(); }

  // What other nodes tell.
  void hear(const NodeId& node, const facts::InChannel& fact);
  void hear(const NodeId& node, const facts::Types& fact);
  void hear(const NodeId& node, const facts::Channel& fact);
  /// The node is no more.
  void forget(const NodeId& node);
  /// What other nodes are told.
  facts::Channel standing() const;

 private:
  void put_out(const storage::UserId& user, const std::string& reason);
  bool hides(const storage::UserId& user) const;
  /// The user has come with his first socket, or gone with his last, which the others are told unless he hides.
  void come(const storage::UserId& user, const SocketRef& socket);
  /// By a socket here.
  void arrive(const storage::UserId& user, const SocketRef& socket);
  void go(const storage::UserId& user);
  /// Those who are in, as far as the others are told.
  std::set<std::string> noticed() const;
  void tell_joined(const storage::UserId& user, const SocketRef& socket) const;
  void tell_left(const storage::UserId& user) const;
  void expire_grace();
  void resize();
  /// Those who are in on other nodes and not here.
  std::size_t only_elsewhere() const;
  /// The user has come in here, or gone, as other nodes are to know.
  void tell_peers(const storage::UserId& user) const;
  void come_elsewhere(const NodeId& node, const storage::UserId& user);
  void go_elsewhere(const NodeId& node, const storage::UserId& user);

  const Stage& stage_;
  const storage::ChannelId id_;
  const std::string room_;
  net::Shard& home_;
  const HiddenUsers& hidden_;
  Attendance attendance_;
  Elsewhere elsewhere_;
  std::set<storage::UserId> unnoticed_;  ///< of those who are in: whom the others take for absent
  ChannelTyping typing_;
  CatchUp catch_up_;
  ChannelReceipts receipts_;
  MessageOrder order_;
  net::Deadline grace_;
  Opening opening_ = Opening::closed;
  std::vector<UniqueFunction<void()>> when_open_;
  std::multimap<std::uint64_t, UniqueFunction<void()>> when_told_;  ///< by mod_seq
  int expected_ = 0;
  TimePoint kept_until_ = TimePoint::min();
};

}  // namespace atrium::chat
