#include "chat/accounts/keepsake.h"

#include "chat/visitor.h"

namespace atrium::chat {

namespace {

constexpr std::string_view kKey = "chat";

}  // namespace

void Keepsake::leave(socketio::Socket& socket) {
  const Visitor& visitor = visitor_of(socket);
  Keepsake kept{
      .userId = visitor.identity->user.value, .session = visitor.identity->session.value, .expiresAt = {}, .joined = {}};
  if (visitor.expires_at) kept.expiresAt = visitor.expires_at->time_since_epoch().count();
  for (const auto& channel : visitor.joined) kept.joined.push_back(channel.value);
  socket.data[kKey] = to_json(kept);
}

std::optional<Keepsake> Keepsake::of(const json::object& data) {
  const json::value* kept = data.if_contains(kKey);
  if (!kept) return std::nullopt;
  auto read = from_json<Keepsake>(*kept);
  if (!read) return std::nullopt;
  return std::move(*read);
}

}  // namespace atrium::chat
