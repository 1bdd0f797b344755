#include "chat/accounts/entrance.h"

#include "base/log.h"
#include "base/timestamp.h"
#include "chat/accounts/own_page.h"
#include "chat/events/outgoing.h"
#include "chat/nodes/peers.h"
#include "chat/operations/drain.h"
#include "chat/rooms.h"

namespace atrium::chat {

using socketio::Socket;

namespace {

Failure to_failure(TokenError error) {
  return {401, error == TokenError::expired ? "TOKEN_EXPIRED" : "TOKEN_INVALID", "Invalid authentication token"};
}

}  // namespace

Entrance::Entrance(const Stage& stage, KnownTokens& tokens, const Accounts& accounts, Channels& channels, Presence& presence,
                   Limiter& limiter)
    : stage_(stage),
      tokens_(tokens),
      accounts_(accounts),
      expiry_(stage.config),
      channels_(channels),
      presence_(presence),
      limiter_(limiter) {}

std::string Entrance::token_of(const Socket& socket) {
  if (const json::value* token = socket.auth().if_contains("token"); token && token->is_string()) {
    return std::string(token->get_string());
  }
  constexpr std::string_view kBearer = "Bearer ";
  const auto authorization = socket.handshake().header("authorization").value_or("");
  if (authorization.starts_with(kBearer)) return std::string(authorization.substr(kBearer.size()));
  if (!from_own_page(socket.handshake().header("origin"), socket.handshake().header("host"))) return {};
  return std::string(socket.handshake().cookie("access_token").value_or(""));
}

Failure Entrance::of_another_user() { return {403, "TOKEN_INVALID", "This connection belongs to another user.", "token"}; }

Task<void> Entrance::enter(Socket& socket) {
  if (socket.local_data.has_value()) {
    co_await come_back(socket.shared_from_this());
    co_return;
  }
  auto visitor = std::make_shared<Visitor>();
  visitor->caps = Capabilities::of(socket.auth());
  socket.local_data = visitor;
  auto claims = tokens_.verify(token_of(socket), socket.shard().clock().wall());
  socket.forget_auth();
  if (!claims) {
    send_to_limbo(socket, to_failure(claims.error()));
    co_return;
  }
  try {
    co_await admit(socket.shared_from_this(), std::move(*claims));
  } catch (const storage::StoreUnavailable& error) {
    log::error("cannot let {} in: {}", socket.id(), error.what());
    // By its transport, so that the client tries again.
    events::emit<"error">(socket,
                          events::Error{.message = failures::unavailable().message, .code = "UNAVAILABLE", .status = 503});
    socket.drop_connection();
  }
}

Task<void> Entrance::admit(std::shared_ptr<Socket> socket, Claims claims) {
  const auto expires_at = claims.expires_at;
  auto identity = co_await accounts_.admit(std::move(claims));
  if (!socket->connected()) co_return;
  if (!identity) {
    send_to_limbo(*socket, identity.error());
    co_return;
  }
  welcome(*socket, std::move(*identity));
  trust(*socket, expires_at);
}

void Entrance::welcome(Socket& socket, WhoIs identity) {
  Visitor& visitor = visitor_of(socket);
  visitor.limbo_end.reset();
  visitor.identity = std::move(identity);
  visitor.state = Visitor::State::ready;
  const Identity& who = *visitor.identity;
  socket.join(rooms::of_user(who.user));
  if (!who.session.empty()) socket.join(rooms::of_session(who.session));
  // Whoever is lost before it has heard these begins anew.
  events::emit<"welcome">(socket.fleeting(), events::Welcome{.id = socket.id(),
                                                             .userId = who.user.value,
                                                             .serverTime = to_iso8601(socket.shard().clock().wall()),
                                                             .caps = visitor.caps.names(),
                                                             .nodeId = node_id()});
  events::emit<"presence:online">(socket.fleeting(), events::Online{who.user.value, who.name});
  stage_.directory.add(socket);
  limiter_.enter(socket);
  presence_.enter(socket);
  ++stage_.counters.welcomes;
}

std::optional<std::string> Entrance::node_id() const {
  return stage_.peers.alone() ? std::nullopt : std::optional(stage_.peers.id().value);
}

void Entrance::trust(Socket& socket, std::optional<WallTime> expires_at) {
  visitor_of(socket).expires_at = expires_at;
  expiry_.watch(socket, expires_at);
}

void Entrance::send_to_limbo(Socket& socket, const Failure& why) {
  Visitor& visitor = visitor_of(socket);
  visitor.state = Visitor::State::limbo;
  visitor.limbo_end = std::make_unique<net::Deadline>([&socket] { socket.disconnect(socketio::Close::connection); });
  socket.shard().deadlines().arm(*visitor.limbo_end, stage_.config.limbo);
  events::emit<"error">(socket, events::Error{.message = why.message, .code = why.code, .status = why.status});
}

void Entrance::refuse(const Reply& reply) {
  reply.fail(failures::unauthenticated());
  Socket& socket = reply.socket();
  if (++visitor_of(socket).refusals >= kMaxRefusals) socket.disconnect(socketio::Close::connection);
}

Task<void> Entrance::refresh(Reply reply, events::TokenRequest request) {
  Socket& socket = reply.socket();
  auto claims = tokens_.verify(request.token, socket.shard().clock().wall());
  if (!claims) {
    reply.fail(to_failure(claims.error()));
    co_return;
  }
  const std::string user = claims->subject;
  const auto expires_at = claims->expires_at;
  auto identity = co_await accounts_.admit(std::move(*claims));
  if (!socket.connected()) co_return;
  if (!identity) {
    reply.fail(identity.error());
    co_return;
  }
  if (visitor_of(socket).state != Visitor::State::ready) {
    welcome(socket, std::move(*identity));
  } else if (visitor_of(socket).identity->user != (*identity)->user) {
    reply.fail(of_another_user());
    co_return;
  } else {
    change_session(socket, *identity);
  }
  trust(socket, expires_at);
  reply.ok(events::Authenticated{.userId = user});
}

void Entrance::change_session(Socket& socket, const WhoIs& identity) {
  Visitor& visitor = visitor_of(socket);
  if (visitor.identity->session == identity->session) return;
  if (!visitor.identity->session.empty()) socket.leave(rooms::of_session(visitor.identity->session));
  if (!identity->session.empty()) socket.join(rooms::of_session(identity->session));
  auto renewed = std::make_shared<Identity>(*visitor.identity);
  renewed->session = identity->session;
  visitor.identity = std::move(renewed);
}

void Entrance::on_disconnecting(Socket& socket) {
  const bool ready = socket.local_data.has_value() && visitor_of(socket).state == Visitor::State::ready;
  if (ready) Keepsake::leave(socket);
}

void Entrance::on_disconnect(Socket& socket, socketio::DisconnectReason reason) {
  if (!socket.local_data.has_value()) return;
  Visitor& visitor = visitor_of(socket);
  visitor.limbo_end.reset();
  visitor.token_step.reset();
  if (visitor.state != Visitor::State::ready) return;
  stage_.directory.remove(socket);
  // The server goes: nobody is left to be told, and whoever comes back finds everybody still there.
  if (stage_.drain.under_way() || reason == socketio::DisconnectReason::server_shutting_down) return;
  using Reason = socketio::DisconnectReason;
  const bool on_purpose =
      stage_.config.seed() || reason == Reason::client_namespace_disconnect || reason == Reason::server_namespace_disconnect;
  const Leaving how = on_purpose                       ? Leaving::on_purpose
                      : reason == Reason::ping_timeout ? Leaving::fell_silent
                                                       : Leaving::connection_lost;
  limiter_.leave(socket, visitor.identity->user);
  channels_.disconnect(socket, how);
  presence_.leave(socket, how);
}

}  // namespace atrium::chat
