#pragma once

#include <optional>

#include "base/timestamp.h"
#include "chat/accounts/sessions.h"
#include "chat/failure.h"

// How accounts, users and sessions look to HTTP clients, and what they may send.

namespace atrium::chat {

namespace shapes {

struct AccountUser {
  std::string id;
  std::string email;
  std::string firstName;
  std::string lastName;
  storage::GlobalRole globalRole;
};
BOOST_DESCRIBE_STRUCT(AccountUser, (), (id, email, firstName, lastName, globalRole))

/// Who has signed in, and what he shows from now on.
struct SignedInUser {
  AccountUser user;
  std::string accessToken;
  std::string refreshToken;
};
BOOST_DESCRIBE_STRUCT(SignedInUser, (), (user, accessToken, refreshToken))

struct TokenPair {
  std::string accessToken;
  std::string refreshToken;
};
BOOST_DESCRIBE_STRUCT(TokenPair, (), (accessToken, refreshToken))

struct Ticket {
  std::string ticket;
  std::int64_t expiresIn;  ///< seconds
};
BOOST_DESCRIBE_STRUCT(Ticket, (), (ticket, expiresIn))

/// What is nobody else's business is there for oneself and for superadmins only.
struct Profile {
  std::string id;
  std::string name;
  std::string firstName;
  std::string lastName;
  std::optional<std::string> email;
  std::optional<storage::GlobalRole> globalRole;
  std::optional<bool> active;
  std::optional<std::string> createdAt;
  std::optional<std::string> lastLoginAt;
};
BOOST_DESCRIBE_STRUCT(Profile, (), (id, name, firstName, lastName, email, globalRole, active, createdAt, lastLoginAt))

struct Session {
  std::string id;
  std::string device;
  std::string address;
  std::string createdAt;
  std::string lastUsedAt;
  std::string expiresAt;
  bool current;  ///< the one that asks
};
BOOST_DESCRIBE_STRUCT(Session, (), (id, device, address, createdAt, lastUsedAt, expiresAt, current))

}  // namespace shapes

using PersonName = Text<1, 50>;

struct Registration {
  std::string email;
  Text<8, 128> password;
  PersonName firstName;
  PersonName lastName;

  std::optional<FieldError> check() const;
};
BOOST_DESCRIBE_STRUCT(Registration, (), (email, password, firstName, lastName))

struct LoginRequest {
  std::string email;
  Text<1, 128> password;

  std::optional<FieldError> check() const;
};
BOOST_DESCRIBE_STRUCT(LoginRequest, (), (email, password))

struct RefreshRequest {
  std::string refreshToken;
};
BOOST_DESCRIBE_STRUCT(RefreshRequest, (), (refreshToken))

struct LogoutRequest {
  std::optional<std::string> refreshToken;  ///< of the session that is to end beside the bearer's, if that is another
};
BOOST_DESCRIBE_STRUCT(LogoutRequest, (), (refreshToken))

/// What is left out stays. Without a name, a changed first or last name makes one.
struct ProfileChange {
  std::optional<Text<1, 101>> name;  ///< as long as a first and a last name
  std::optional<PersonName> firstName;
  std::optional<PersonName> lastName;

  std::optional<FieldError> check() const;
};
BOOST_DESCRIBE_STRUCT(ProfileChange, (), (name, firstName, lastName))

/// For superadmins.
struct UserAdministration {
  std::optional<bool> active;
  std::optional<storage::GlobalRole> globalRole;
};
BOOST_DESCRIBE_STRUCT(UserAdministration, (), (active, globalRole))

shapes::SignedInUser to_shape(const Credentials& credentials);
/// All of it.
shapes::Profile to_profile(const storage::User& user);
/// What others may know.
shapes::Profile to_public_profile(const storage::User& user);
shapes::Session to_shape(const storage::Session& session, const std::string& current);

/// As addresses are compared and kept: in small letters.
std::string normal_email(std::string_view email);

}  // namespace atrium::chat
