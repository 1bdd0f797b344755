#pragma once

#include <memory>
#include <string>

#include "chat/accounts/accounts.h"
#include "chat/accounts/keepsake.h"
#include "chat/accounts/known_tokens.h"
#include "chat/accounts/token_expiry.h"
#include "chat/channels/channels.h"
#include "chat/limits/limiter.h"
#include "chat/presence/presence.h"
#include "chat/reply.h"
#include "chat/visitor.h"

namespace atrium::chat {

/// Lets sockets in that show a valid token, and keeps the others in limbo, where they may only try again. On the socket's
/// shard.
class Entrance final {
 public:
  Entrance(const Stage& stage, KnownTokens& tokens, const Accounts& accounts, Channels& channels, Presence& presence,
           Limiter& limiter);

  /// A middleware of the namespace: looks again at a client that comes back by recovery, before it is told what it missed. Its
  /// token does not count again, unless it is another user's; who he is, and where he may be, does.
  void look_again(socketio::Socket& socket, const socketio::Next& next);
  /// What the client sends meanwhile waits until this has ended.
  Task<void> enter(socketio::Socket& socket);
  void on_disconnecting(socketio::Socket& socket);
  void on_disconnect(socketio::Socket& socket, socketio::DisconnectReason reason);
  /// Leaves limbo, or goes on with a newer token.
  Task<void> refresh(Reply reply, events::TokenRequest request);
  /// An event came from a socket in limbo.
  void refuse(const Reply& reply);

  static constexpr int kMaxRefusals = 3;  ///< then the connection is closed

 private:
  using WhoIs = std::shared_ptr<const Identity>;

  /// Where a client may show its token: CONNECT's auth.token, else the headers of its handshake.
  static std::string token_of(const socketio::Socket& socket);
  static Failure of_another_user();

  Task<void> admit(std::shared_ptr<socketio::Socket> socket, Claims claims);
  void welcome(socketio::Socket& socket, WhoIs identity);
  std::optional<std::string> node_id() const;
  /// The token that it has shown is good until then, or for ever.
  void trust(socketio::Socket& socket, std::optional<WallTime> expires_at);
  void send_to_limbo(socketio::Socket& socket, const Failure& why);
  /// From now on the connection lives and ends with the session of the token that was shown last.
  void change_session(socketio::Socket& socket, const WhoIs& identity);

  // Recovery.
  Task<void> look_again_at(std::shared_ptr<socketio::Socket> socket, Keepsake kept, socketio::Next next);
  Task<void> come_back(std::shared_ptr<socketio::Socket> socket);

  const Stage& stage_;
  KnownTokens& tokens_;
  const Accounts& accounts_;
  const TokenExpiry expiry_;
  Channels& channels_;
  Presence& presence_;
  Limiter& limiter_;
};

}  // namespace atrium::chat
