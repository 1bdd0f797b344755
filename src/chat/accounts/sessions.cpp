#include "chat/accounts/sessions.h"

#include "base/base64.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/random_id.h"
#include "net/shard.h"

namespace atrium::chat {

using storage::SessionId;
using storage::UserId;

namespace {

constexpr std::size_t kTokenOctets = 32;

WallTime now() { return net::Shard::current()->clock().wall(); }

storage::TokenHash hash_of(const std::string& refresh_token) {
  return storage::TokenHash(base64url_encode(sha256(refresh_token)));
}

Failure to_failure(storage::Rotation::Outcome outcome) {
  switch (outcome) {
    case storage::Rotation::Outcome::expired:
      return {401, "TOKEN_EXPIRED", "This refresh token has expired; sign in again."};
    case storage::Rotation::Outcome::reused:
      return {401, "TOKEN_REUSED", "This refresh token was used before, so its session has ended; sign in again."};
    default:
      return {401, "TOKEN_INVALID", "This refresh token is not valid; sign in again."};
  }
}

}  // namespace

Sessions::Sessions(const Config& config, const TokenAuthority& tokens, storage::Database& database, Revocations& revocations)
    : config_(config),
      tokens_(tokens),
      database_(database),
      revocations_(revocations),
      chain_key_(tokens.derived_key("refresh tokens")) {}

Task<Credentials> Sessions::begin(storage::User user, Client client) {
  Credentials made{.user = std::move(user), .access_token = {}, .refresh_token = base64url_encode(random_octets(kTokenOctets))};
  storage::Session session{.id = SessionId(base64url_encode(random_octets(15))),
                           .user = made.user.id,
                           .device = std::move(client.device),
                           .address = std::move(client.address)};
  session.expires_at = refresh_end();
  made.access_token = access_token(made.user, session.id);
  const auto too_many = co_await database_.sessions().begin(std::move(session), hash_of(made.refresh_token));
  for (const SessionId& id : too_many) revocations_.session_ended(id);
  co_return made;
}

Task<Outcome<Credentials>> Sessions::renew(std::string refresh_token) {
  // The next token follows from this one, so that who asks twice gets the same answer and none needs to be kept in clear.
  std::string next = base64url_encode(hmac_sha256(chain_key_, refresh_token));
  const auto rotation = co_await database_.sessions().rotate(hash_of(refresh_token), hash_of(next), refresh_end());
  using enum storage::Rotation::Outcome;
  if (rotation.outcome == reused) {
    log::warn("a refresh token of user {} came a second time: his session {} has ended", rotation.session.user.value,
              rotation.session.id.value);
    revocations_.session_ended(rotation.session.id);
  }
  if (rotation.outcome != rotated && rotation.outcome != repeated) co_return to_failure(rotation.outcome);
  auto user = co_await database_.users().find(rotation.session.user);
  if (!user || !user->active) co_return failures::user_inactive();
  std::string access = access_token(*user, rotation.session.id);
  co_return Credentials{.user = std::move(*user), .access_token = std::move(access), .refresh_token = std::move(next)};
}

Task<bool> Sessions::end(UserId user, SessionId session) {
  const bool ended = co_await database_.sessions().end(std::move(user), session);
  if (ended) revocations_.session_ended(session);
  co_return ended;
}

Task<void> Sessions::end_by_token(UserId user, std::string refresh_token) {
  const auto session = co_await database_.sessions().find_by_token(hash_of(refresh_token));
  if (session && session->user == user) co_await end(std::move(user), session->id);
}

Task<void> Sessions::end_all(UserId user) {
  const auto ended = co_await database_.sessions().end_all(std::move(user));
  for (const SessionId& session : ended) revocations_.session_ended(session);
}

std::string Sessions::access_token(const storage::User& user, const SessionId& session) const {
  Claims claims{.subject = user.id.value, .email = user.email, .name = user.name};
  claims.session = session.value;
  claims.role = storage::to_string(user.role);
  return tokens_.mint(claims, now(), config_.access_token_lifetime);
}

WallTime Sessions::refresh_end() const { return now() + config_.refresh_token_lifetime; }

}  // namespace atrium::chat
