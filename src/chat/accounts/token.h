#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "chat/accounts/public_keys.h"

namespace atrium::chat {

/// What a token says about its bearer (RFC 7519).
struct Claims {
  std::string subject;
  std::string email;
  std::string name;
  std::string session = {};  ///< `sid`, of our own tokens: the session that it lives and ends with
  std::string role = {};     ///< `globalRole`, for clients; what counts here is in the database
  std::optional<WallTime> expires_at = {};
};

enum class TokenError { invalid, expired };

/// A token whose signature and issuer are good, whatever the time.
struct SignedClaims {
  Claims claims;
  double not_before = 0;  ///< seconds since 1970: the later of `nbf` and `iat`
};

/// Which tokens are good.
struct TokenRules {
  std::string secret;                               ///< of HS256, HS384 and HS512; empty: none of them
  std::vector<PublicKey> keys = {};                 ///< of RS256 and ES256
  std::vector<std::string> algorithms = {"HS256"};  ///< no others, whatever keys there are
  std::string issuer = {};                          ///< `iss` of tokens that are not our own; empty: any
  std::string audience = {};                        ///< that `aud` of such tokens must name; empty: any
  Duration leeway = std::chrono::seconds(30);       ///< for clocks that do not agree
};

/// Checks JSON Web Tokens of whoever shares a key with us, and makes our own (HS256). Immutable; any thread.
class TokenAuthority final {
 public:
  static constexpr std::size_t kMinSecret = 32;  ///< octets: shorter keys can be guessed (RFC 7518 3.2)

  explicit TokenAuthority(std::string secret) : TokenAuthority(TokenRules{.secret = std::move(secret)}) {}
  explicit TokenAuthority(TokenRules rules) : rules_(std::move(rules)) {}

  /// check() and judge().
  Result<Claims, TokenError> verify(std::string_view token, WallTime now) const;
  /// What does not depend on the time, and can be kept.
  Result<SignedClaims, TokenError> check(std::string_view token) const;
  Result<Claims, TokenError> judge(const SignedClaims& known, WallTime now) const;
  std::string mint(const Claims& claims, WallTime now, std::chrono::seconds lifetime) const;

  /// A key for another purpose, which cannot be found out from the secret's other uses.
  std::string derived_key(std::string_view purpose) const;

 private:
  const TokenRules rules_;
};

}  // namespace atrium::chat
