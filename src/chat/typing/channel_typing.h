#pragma once

#include <string>

#include "chat/stage.h"
#include "chat/typing/typing_tracker.h"

namespace atrium::chat {

/// The typing of one channel, told to its room. Lives at the channel's home shard, where everything that concerns the channel
/// happens in one order, so that starts and stops alternate for every receiver.
class ChannelTyping final {
 public:
  ChannelTyping(const Stage& stage, storage::ChannelId channel, net::Shard& home);

  /// `listeners`: sockets in the room. Where too many listen, only a few are shown, or none.
  void start(const Identity& who, const SocketRef& socket, std::size_t listeners);
  void stop(const Identity& who, const SocketRef& socket);
  /// Ends all typing of `who` there: a message came, or he is put out.
  void clear(const Identity& who, const SocketRef& socket);
  void forget(const Identity& who, const SocketRef& socket) { tracker_.forget(key_of(who, socket)); }

  /// On the shard of `socket`, which has just joined the room, or left it: brings it to what the room knows, or back.
  static void show(socketio::Socket& socket, const storage::ChannelId& channel, const std::vector<Typist>& typists,
                   const storage::UserId& viewer);
  static void hide(socketio::Socket& socket, const storage::ChannelId& channel, const std::vector<Typist>& typists,
                   const storage::UserId& viewer);
  /// `socket` has joined: whom it is to be shown.
  std::vector<Typist> introduce(const SocketRef& socket);
  /// `socket` has left: whom it saw typing.
  std::vector<Typist> dismiss(const SocketRef& socket) { return tracker_.dismiss(socket); }
  bool idle() const { return tracker_.size() == 0; }

  static constexpr std::size_t kLargeRoom = 250;  ///< above it at most kShown are shown, so that cost stays linear
  static constexpr std::size_t kShown = 5;
  static constexpr std::size_t kHugeRoom = 1000;  ///< above it typing is off

 private:
  std::string key_of(const Identity& who, const SocketRef& socket) const;
  socketio::Emitter others(const Typist& typist, socketio::Turn turn) const;
  void tell_stop(const Typist& typist) const;
  void expire();

  const Stage& stage_;
  const storage::ChannelId channel_;
  net::Shard& home_;
  TypingTracker tracker_;
  net::Deadline expiry_;
};

}  // namespace atrium::chat
