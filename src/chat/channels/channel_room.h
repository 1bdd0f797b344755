#pragma once

#include <memory>
#include <string>

#include "chat/presence/attendance.h"
#include "chat/stage.h"
#include "chat/typing/channel_typing.h"

namespace atrium::chat {

enum class Leaving { on_purpose, connection_lost };

/// One channel while somebody is in it: who is in, who types, and what its room is told. Lives at the channel's home shard.
/// A socket enters and leaves the Socket.IO room by word from here, in the same stream in which the room's events travel, so
/// what each receiver sees is exactly what happened while it was in.
class ChannelRoom final {
 public:
  ChannelRoom(const Stage& stage, storage::ChannelId id, net::Shard& home);

  /// Those who type, as the socket is shown them.
  std::vector<Typist> join(const Identity& who, const SocketRef& socket);
  /// The socket has been recovered: it is in the Socket.IO room already, and has been told what it missed there.
  void come_back(const Identity& who, const SocketRef& socket);
  void leave(const Identity& who, const SocketRef& socket);
  /// The socket has disconnected. After a lost connection the user has his grace before he is said to have left.
  void disconnect(const Identity& who, const SocketRef& socket, Leaving how);
  /// Puts a user out with all his sockets, which are told the reason.
  void remove(const storage::UserId& user, const std::string& reason);
  /// The user is about to be told offline: his grace ends here too.
  void give_up(const storage::UserId& user);

  void start_typing(const Identity& who, const SocketRef& socket);
  void stop_typing(const Identity& who, const SocketRef& socket) { typing_.stop(who, socket); }
  void clear_typing(const Identity& who, const SocketRef& socket) { typing_.clear(who, socket); }

  std::size_t user_count() const { return attendance_.user_count(); }
  bool empty() const { return attendance_.user_count() == 0; }

 private:
  void tell_joined(const storage::UserId& user, const SocketRef& socket) const;
  void tell_left(const storage::UserId& user) const;
  void expire_grace();

  const Stage& stage_;
  const storage::ChannelId id_;
  const std::string room_;
  net::Shard& home_;
  Attendance attendance_;
  ChannelTyping typing_;
  net::Deadline grace_;
};

}  // namespace atrium::chat
