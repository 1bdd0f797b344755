#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/describe.h"
#include "base/result.h"
#include "storage/store_error.h"

namespace atrium::chat {

/// Why the chat refuses something. The same one becomes an HTTP problem, a failed acknowledgement or an `error` event.
struct Failure {
  unsigned status = 400;
  std::string code;                                    ///< for programs
  std::string message;                                 ///< for people
  std::string field;                                   ///< the one that is to blame, if one is
  std::optional<Duration> retry_after = std::nullopt;  ///< when it may be tried again, if that is known
};

template <class T>
using Outcome = Result<T, Failure>;

namespace failures {

inline Failure channel_not_found() { return {404, "CHANNEL_NOT_FOUND", "There is no such channel."}; }
inline Failure workspace_not_found() { return {404, "WORKSPACE_NOT_FOUND", "There is no such workspace."}; }
inline Failure message_not_found() { return {404, "MESSAGE_NOT_FOUND", "There is no such message."}; }
inline Failure user_not_found() { return {404, "USER_NOT_FOUND", "There is no such user in this workspace."}; }
inline Failure nobody_with_email() { return {404, "USER_NOT_FOUND", "Nobody here has that address.", "email"}; }
inline Failure not_channel_member() { return {403, "NOT_CHANNEL_MEMBER", "Only members of this channel may do that."}; }
inline Failure not_channel_admin() {
  return {403, "NOT_CHANNEL_ADMIN", "Only who made the channel, or an admin of the workspace, may do that."};
}
inline Failure not_workspace_admin() { return {403, "NOT_WORKSPACE_ADMIN", "Only an admin of the workspace may do that."}; }
inline Failure direct_channel_immutable() {
  return {403, "DIRECT_CHANNEL_IMMUTABLE", "A direct channel stays as it is, with the two who are in it."};
}
inline Failure cannot_remove_owner() {
  return {403, "CANNOT_REMOVE_OWNER", "The owner of a workspace stays in it, and its admin."};
}
inline Failure not_joined() { return {403, "NOT_JOINED", "Join the channel first."}; }
inline Failure not_message_author() { return {403, "NOT_MESSAGE_AUTHOR", "Only the author of a message may change it."}; }
inline Failure channel_name_exists() { return {409, "CHANNEL_NAME_EXISTS", "A channel of that name exists already."}; }
inline Failure workspace_slug_exists() {
  return {409, "WORKSPACE_SLUG_EXISTS", "A workspace with that slug exists already.", "slug"};
}
inline Failure email_already_exists() { return {409, "EMAIL_ALREADY_EXISTS", "This address has an account already.", "email"}; }
inline Failure invalid_credentials() { return {401, "INVALID_CREDENTIALS", "The address or the password is wrong."}; }
inline Failure user_inactive() { return {403, "USER_INACTIVE", "This account has been deactivated."}; }
inline Failure session_revoked() { return {401, "SESSION_REVOKED", "This session has ended; sign in again."}; }
inline Failure idempotency_key_reused() {
  return {409, "IDEMPOTENCY_KEY_REUSED", "This clientMsgId was used for another message.", "clientMsgId"};
}
inline Failure revision_conflict() {
  return {409, "REVISION_CONFLICT", "The message has been changed since the revision that this was made for.", "ifRev"};
}
inline Failure too_many_channels() {
  return {429, "TOO_MANY_CHANNELS", "This connection has joined as many channels as it may."};
}
inline Failure too_many_requests() { return {429, "RATE_LIMITED", "Too many requests wait on this connection; slow down."}; }
inline Failure rate_limited(Duration retry_after) {
  return {429, "RATE_LIMITED", "Too many requests; slow down.", {}, retry_after};
}
inline Failure too_many_connections() {
  return {429, "TOO_MANY_CONNECTIONS", "You have opened more connections than one user may; this one, the oldest, ends."};
}
inline Failure typing_disabled() {
  return {403, "TYPING_DISABLED", "So many listen in this channel that it is not shown who types."};
}
inline Failure unavailable() { return {503, "UNAVAILABLE", "The database did not take it; nothing was changed. Try again."}; }
inline Failure internal() { return {500, "INTERNAL_ERROR", "The server failed to do this."}; }
inline Failure token_expired() { return {401, "TOKEN_EXPIRED", "The token of this connection has expired; show a new one."}; }
inline Failure unauthenticated() { return {401, "UNAUTHENTICATED", "Not authenticated"}; }
inline Failure invalid(std::string field, const std::string& what) {
  const std::string subject = field.empty() ? "The payload" : "'" + field + "'";
  return {422, "VALIDATION_FAILED", subject + " " + what + ".", std::move(field)};
}

}  // namespace failures

Failure to_failure(storage::StoreError error);

/// Whole milliseconds, rounded up.
std::optional<std::uint64_t> retry_after_ms(const Failure& failure);

/// A payload as the struct T.
template <class T>
Outcome<T> parse(const json::value& payload) {
  auto parsed = from_json<T>(payload);
  if (!parsed) return failures::invalid(parsed.error().field, parsed.error().message);
  return std::move(*parsed);
}

}  // namespace atrium::chat
