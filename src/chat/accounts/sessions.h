#pragma once

#include <string>

#include "chat/accounts/revocations.h"
#include "chat/accounts/token.h"
#include "chat/config.h"
#include "chat/failure.h"
#include "storage/database.h"

namespace atrium::chat {

/// What somebody who has signed in shows from then on.
struct Credentials {
  storage::User user;
  std::string access_token;
  std::string refresh_token;
};

/// How a client looked when it signed in, for its user to tell his sessions apart.
struct Client {
  std::string device;
  std::string address;
};

/// Sign-ins and what follows from them: a short-lived access token for every request, and a refresh token that is exchanged
/// for the next pair, once. Ends them in the database and puts their sockets out. Any shard; throws StoreUnavailable.
/// docs/decisions/refresh-tokens.md.
class Sessions final {
 public:
  Sessions(const Config& config, const TokenAuthority& tokens, storage::Database& database, Revocations& revocations);

  Task<Credentials> begin(storage::User user, Client client);
  /// Exchanges a refresh token. TOKEN_EXPIRED, TOKEN_INVALID, TOKEN_REUSED (and the session has ended), USER_INACTIVE.
  Task<Outcome<Credentials>> renew(std::string refresh_token);

  /// False: the user has no such session.
  Task<bool> end(storage::UserId user, storage::SessionId session);
  /// The session of the token, if it is the user's.
  Task<void> end_by_token(storage::UserId user, std::string refresh_token);
  Task<void> end_all(storage::UserId user);
  Task<std::vector<storage::Session>> of_user(storage::UserId user) { return database_.sessions().of_user(std::move(user)); }

 private:
  std::string access_token(const storage::User& user, const storage::SessionId& session) const;
  WallTime refresh_end() const;

  const Config& config_;
  const TokenAuthority& tokens_;
  storage::Database& database_;
  Revocations& revocations_;
  const std::string chain_key_;  ///< makes the next refresh token of one
};

}  // namespace atrium::chat
