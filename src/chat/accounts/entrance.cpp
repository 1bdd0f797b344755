#include "chat/accounts/entrance.h"

#include "base/log.h"
#include "base/timestamp.h"
#include "chat/operations/drain.h"
#include "chat/rooms.h"

namespace atrium::chat {

using socketio::Socket;

namespace {

/// Whether the page that opened the connection came from this server, as far as its browser says. A browser sends our cookie
/// along for any other site's page too, and WebSockets know no CORS that would stop it.
bool from_own_page(const engineio::Handshake& handshake) {
  const auto origin = handshake.header("origin");
  if (!origin) return true;  // no browser
  const std::size_t scheme = origin->find("://");
  return scheme != origin->npos && origin->substr(scheme + 3) == handshake.header("host").value_or("");
}

/// Where a client may show its token: CONNECT's auth.token, else the headers of its handshake.
std::string token_of(const Socket& socket) {
  if (const json::value* token = socket.auth().if_contains("token"); token && token->is_string()) {
    return std::string(token->get_string());
  }
  constexpr std::string_view kBearer = "Bearer ";
  const auto authorization = socket.handshake().header("authorization").value_or("");
  if (authorization.starts_with(kBearer)) return std::string(authorization.substr(kBearer.size()));
  if (!from_own_page(socket.handshake())) return {};
  return std::string(socket.handshake().cookie("access_token").value_or(""));
}

Failure to_failure(TokenError error) {
  return {401, error == TokenError::expired ? "TOKEN_EXPIRED" : "TOKEN_INVALID", "Invalid authentication token"};
}

}  // namespace

Entrance::Entrance(const Stage& stage, const TokenAuthority& tokens, const Accounts& accounts, Channels& channels,
                   Presence& presence, storage::Database& database)
    : stage_(stage), tokens_(tokens), accounts_(accounts), channels_(channels), presence_(presence), database_(database) {}

void Entrance::look_again(Socket& socket, const socketio::Next& next) {
  auto kept = socket.recovered() ? Keepsake::of(socket) : std::nullopt;
  if (!kept) return next(std::nullopt);
  spawn(look_again_at(socket.shared_from_this(), std::move(*kept), next));
}

Task<void> Entrance::look_again_at(std::shared_ptr<Socket> socket, Keepsake kept, socketio::Next next) {
  auto visitor = std::make_shared<Visitor>();
  visitor->caps = Capabilities::of(socket->auth());
  visitor->removals = channels_.removals();
  std::vector<storage::ChannelId> joined(kept.joined.begin(), kept.joined.end());
  try {
    visitor->identity = co_await accounts_.readmit(storage::UserId(kept.userId), kept.session);
    if (visitor->identity) joined = co_await database_.channels().open_to(visitor->identity->user, std::move(joined));
  } catch (const storage::StoreUnavailable& error) {
    log::error("cannot let {} in again: {}", socket->id(), error.what());
    socket->drop_connection();  // it tries again
    co_return;
  }
  if (!socket->connecting()) co_return;
  if (!visitor->identity) {
    const Failure failure = failures::unauthenticated();
    next(socketio::ConnectError{failure.message, json::object{{"code", failure.code}, {"status", failure.status}}});
    co_return;
  }
  visitor->joined.insert(joined.begin(), joined.end());
  leave_closed_rooms(*socket, *visitor, kept);
  socket->local_data = visitor;
  next(std::nullopt);
}

void Entrance::leave_closed_rooms(Socket& socket, const Visitor& visitor, const Keepsake& kept) {
  std::set<std::string> open;
  for (const auto& channel : visitor.joined) open.insert(rooms::of_channel(channel));
  for (const auto& workspace : visitor.identity->workspaces) open.insert(rooms::of_workspace(workspace));
  for (const auto& room : socket.rooms()) {
    if ((rooms::is_channel(room) || rooms::is_workspace(room)) && !open.contains(room)) socket.leave(room);
  }
  for (const auto& id : kept.joined) {
    if (!visitor.joined.contains(storage::ChannelId(id))) {
      socket.emit("channel:removed", events::ChannelRemoved{id, "removed"});
    }
  }
}

void Entrance::come_back(Socket& socket) {
  Visitor& visitor = visitor_of(socket);
  visitor.state = Visitor::State::ready;
  socket.forget_auth();
  Keepsake::leave(socket);
  stage_.directory.add(socket);
  presence_.come_back(socket);
  channels_.come_back(socket, visitor.removals);
  ++stage_.counters.recoveries;
}

Task<void> Entrance::enter(Socket& socket) {
  if (socket.local_data.has_value()) {
    come_back(socket);
    co_return;
  }
  auto visitor = std::make_shared<Visitor>();
  visitor->caps = Capabilities::of(socket.auth());
  socket.local_data = visitor;
  auto claims = tokens_.verify(token_of(socket), socket.shard().clock().wall());
  socket.forget_auth();
  if (!claims) {
    send_to_limbo(socket, claims.error());
    co_return;
  }
  try {
    co_await welcome(socket.shared_from_this(), std::move(*claims));
  } catch (const storage::StoreUnavailable& error) {
    log::error("cannot let {} in: {}", socket.id(), error.what());
    // By its transport, so that the client tries again.
    socket.emit("error", events::Error{.message = failures::unavailable().message, .code = "UNAVAILABLE", .status = 503});
    socket.drop_connection();
  }
}

Task<bool> Entrance::welcome(const std::shared_ptr<Socket>& socket, Claims claims) {
  auto identity = co_await accounts_.admit(std::move(claims));
  if (!socket->connected()) co_return false;
  Visitor& visitor = visitor_of(*socket);
  visitor.limbo_end.reset();
  visitor.identity = std::move(identity);
  visitor.state = Visitor::State::ready;
  const Identity& who = *visitor.identity;
  Keepsake::leave(*socket);
  socket->join(rooms::of_user(who.user));
  socket->emit("welcome", events::Welcome{socket->id(), who.user.value, to_iso8601(socket->shard().clock().wall())});
  socket->emit("presence:online", events::Online{who.user.value, who.name});
  stage_.directory.add(*socket);
  presence_.enter(*socket);
  ++stage_.counters.welcomes;
  co_return true;
}

void Entrance::send_to_limbo(Socket& socket, TokenError error) {
  Visitor& visitor = visitor_of(socket);
  visitor.state = Visitor::State::limbo;
  visitor.limbo_end = std::make_unique<net::Deadline>([&socket] { socket.disconnect(socketio::Close::connection); });
  socket.shard().deadlines().arm(*visitor.limbo_end, stage_.config.limbo);
  const Failure failure = to_failure(error);
  socket.emit("error", events::Error{.message = failure.message, .code = failure.code, .status = failure.status});
}

void Entrance::refuse(const Reply& reply) {
  reply.fail(failures::unauthenticated());
  Socket& socket = reply.socket();
  if (++visitor_of(socket).refusals >= kMaxRefusals) socket.disconnect(socketio::Close::connection);
}

Task<void> Entrance::refresh(Reply reply, events::TokenRequest request) {
  Socket& socket = reply.socket();
  const auto claims = tokens_.verify(request.token, socket.shard().clock().wall());
  if (!claims) {
    reply.fail(to_failure(claims.error()));
    co_return;
  }
  const Visitor& visitor = visitor_of(socket);
  if (visitor.state == Visitor::State::ready) {
    if (visitor.identity->user.value != claims->subject) {
      reply.fail({403, "TOKEN_INVALID", "This connection belongs to another user.", "token"});
      co_return;
    }
  } else if (!co_await welcome(reply.shared_socket(), *claims)) {
    co_return;
  }
  reply.ok(events::Authenticated{.userId = claims->subject});
}

void Entrance::on_disconnect(Socket& socket, socketio::DisconnectReason reason) {
  if (!socket.local_data.has_value()) return;
  Visitor& visitor = visitor_of(socket);
  visitor.limbo_end.reset();
  if (visitor.state != Visitor::State::ready) return;
  stage_.directory.remove(socket);
  // The server goes: nobody is left to be told, and whoever comes back finds everybody still there.
  if (stage_.drain.under_way() || reason == socketio::DisconnectReason::server_shutting_down) return;
  using Reason = socketio::DisconnectReason;
  const bool on_purpose =
      stage_.config.seed() || reason == Reason::client_namespace_disconnect || reason == Reason::server_namespace_disconnect;
  const Leaving how = on_purpose ? Leaving::on_purpose : Leaving::connection_lost;
  channels_.disconnect(socket, how);
  presence_.leave(socket, how);
}

}  // namespace atrium::chat
