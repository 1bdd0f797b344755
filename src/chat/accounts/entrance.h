#pragma once

#include <memory>
#include <string>

#include "chat/accounts/accounts.h"
#include "chat/accounts/keepsake.h"
#include "chat/accounts/token.h"
#include "chat/channels/channels.h"
#include "chat/presence/presence.h"
#include "chat/reply.h"
#include "chat/visitor.h"

namespace atrium::chat {

/// Lets sockets in that show a valid token, and keeps the others in limbo, where they may only try again. On the socket's
/// shard.
class Entrance final {
 public:
  Entrance(const Stage& stage, const TokenAuthority& tokens, const Accounts& accounts, Channels& channels, Presence& presence,
           storage::Database& database);

  /// A middleware of the namespace: looks again at a client that comes back by recovery, before it is told what it missed. Its
  /// token does not count again; who he is, and where he may be, does.
  void look_again(socketio::Socket& socket, const socketio::Next& next);
  /// What the client sends meanwhile waits until this has ended.
  Task<void> enter(socketio::Socket& socket);
  void on_disconnect(socketio::Socket& socket, socketio::DisconnectReason reason);
  /// Leaves limbo, or confirms who is there.
  Task<void> refresh(Reply reply, events::TokenRequest request);
  /// An event came from a socket in limbo.
  void refuse(const Reply& reply);

  static constexpr int kMaxRefusals = 3;  ///< then the connection is closed

 private:
  Task<bool> welcome(const std::shared_ptr<socketio::Socket>& socket, Claims claims);
  Task<void> look_again_at(std::shared_ptr<socketio::Socket> socket, Keepsake kept, socketio::Next next);
  /// Takes the socket out of the rooms where its visitor may not be any more, and tells it of the channels.
  static void leave_closed_rooms(socketio::Socket& socket, const Visitor& visitor, const Keepsake& kept);
  void come_back(socketio::Socket& socket);
  void send_to_limbo(socketio::Socket& socket, TokenError error);

  const Stage& stage_;
  const TokenAuthority& tokens_;
  const Accounts& accounts_;
  Channels& channels_;
  Presence& presence_;
  storage::Database& database_;
};

}  // namespace atrium::chat
