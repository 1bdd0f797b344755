#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "chat/episodes.h"
#include "chat/identity.h"
#include "chat/nodes/facts.h"
#include "chat/nodes/node_id.h"
#include "chat/socket_ref.h"
#include "chat/stage.h"
#include "chat/typing/typing_tracker.h"

namespace atrium::chat {

/// The typing of one channel, told to its room. Lives at the channel's home shard, where everything that concerns the channel
/// happens in one order, so that starts and stops alternate for every receiver.
class ChannelTyping final {
 public:
  ChannelTyping(const Stage& stage, storage::ChannelId channel, net::Shard& home);

  /// False: so many listen here that typing is off.
  bool start(const Identity& who, const SocketRef& socket, TypingDialect dialect);
  void stop(const Identity& who, const SocketRef& socket);
  /// Ends all typing of `who` there: he is put out.
  void clear(const Identity& who, const SocketRef& socket);
  /// A message of his is being stored; it has been told, or refused, and ends his typing. One call for each of the other.
  void message_begun(const Identity& who, const SocketRef& socket) { tracker_.message_begun(key_of(who, socket)); }
  void message_done(const Identity& who, const SocketRef& socket);
  /// The user types on another node, or does not any more.
  void hear(const NodeId& node, const facts::Typist& typist, bool types);
  /// These type on another node, and nobody else there.
  void hear(const NodeId& node, const std::vector<facts::Typist>& typists);
  /// Those who type by sockets of this node.
  std::vector<facts::Typist> own() const;

  /// So many sockets are in the room now, not yet counting what is about to be told to join it.
  void resize(std::size_t listeners);

  /// `socket` has joined: whom it is to be shown.
  TypingSight introduce(const SocketRef& socket);
  /// Whom it sees typing, of that id.
  TypingSight sight_of(const std::string& socket) const { return tracker_.sight_of(socket); }
  /// `socket` has left: whom it saw typing.
  TypingSight dismiss(const SocketRef& socket) { return tracker_.dismiss(socket.id); }
  /// `socket` has lost its connection.
  void lose(const SocketRef& socket) { tracker_.lose(socket.id); }
  TypingState state() const { return tracker_.state(); }

  // On the shard of `socket`, which has just joined the room, or left it: brings it to what the room knows, or back.
  static void show(socketio::Socket& socket, const storage::ChannelId& channel, const TypingSight& sight,
                   const storage::UserId& viewer);
  static void hide(socketio::Socket& socket, const storage::ChannelId& channel, const TypingSight& sight,
                   const storage::UserId& viewer);

 private:
  std::string key_of(const Identity& who, const SocketRef& socket) const;
  TimePoint now() const { return home_.clock().now(); }
  void tell(const TypingTracker::News& news);
  void tell(const TypingNews& news) const;
  socketio::Emitter audience_of(const TypingNews& news, episodes::Part part) const;
  void wake_in_time();
  /// Tells the other nodes what is new of those who type here.
  void tell_peers();

  const Stage& stage_;
  const storage::ChannelId channel_;
  const std::string room_;
  const std::string v2_room_;  ///< those in it who understand typing.v2
  net::Shard& home_;
  TypingTracker tracker_;
  net::Deadline wake_;
  TimePoint wakes_{};
  std::map<std::string, std::pair<facts::Typist, TimePoint>> peers_told_;  ///< by key; and when
  std::size_t counted_ = 0;                                                ///< who type, as Activity was told
};

}  // namespace atrium::chat
