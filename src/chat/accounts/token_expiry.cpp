#include "chat/accounts/token_expiry.h"

#include "base/timestamp.h"
#include "chat/events.h"
#include "chat/events/outgoing.h"

namespace atrium::chat {

using socketio::Socket;
using Phase = Visitor::TokenPhase;

namespace {

/// In whole seconds, because deadlines of one duration share a line.
void arm(Socket& socket, Duration after) {
  socket.shard().deadlines().arm(*visitor_of(socket).token_step, std::chrono::ceil<std::chrono::seconds>(after));
}

/// From one phase to the next.
void step(Socket& socket, WallTime expires_at) {
  Visitor& visitor = visitor_of(socket);
  const Duration left = expires_at - socket.shard().clock().wall();
  switch (visitor.token_phase) {
    case Phase::good:
      visitor.token_phase = Phase::announced;
      if (visitor.caps.auth_refresh) events::emit<"auth:expiring">(socket, events::AuthExpiring{to_iso8601(expires_at)});
      return arm(socket, left);
    case Phase::announced:
      visitor.token_phase = Phase::expired;
      return arm(socket, TokenExpiry::kGrace);
    case Phase::expired:
      // By its transport, so that the client comes back with what token it has then.
      return socket.drop_connection();
  }
}

}  // namespace

void TokenExpiry::watch(Socket& socket, std::optional<WallTime> expires_at) const {
  Visitor& visitor = visitor_of(socket);
  visitor.token_phase = Phase::good;
  visitor.token_step.reset();
  if (!config_.enforce_token_expiry || !expires_at) return;
  visitor.token_step = std::make_unique<net::Deadline>([&socket, end = *expires_at] { step(socket, end); });
  arm(socket, *expires_at - socket.shard().clock().wall() - kWarning);
}

}  // namespace atrium::chat
