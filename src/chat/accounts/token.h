#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace atrium::chat {

/// What a token says about its bearer (RFC 7519).
struct Claims {
  std::string subject;
  std::string email;
  std::string name;
};

enum class TokenError { invalid, expired };

/// Checks and makes JSON Web Tokens with one secret: HS256 and nothing else. Immutable; any thread.
class TokenAuthority final {
 public:
  static constexpr std::size_t kMinSecret = 32;                  ///< octets: shorter keys can be guessed (RFC 7518 3.2)
  static constexpr Duration kLeeway = std::chrono::seconds(30);  ///< for clocks that do not agree

  explicit TokenAuthority(std::string secret) : secret_(std::move(secret)) {}

  Result<Claims, TokenError> verify(std::string_view token, WallTime now) const;
  std::string mint(const Claims& claims, WallTime now, std::chrono::seconds lifetime) const;

 private:
  const std::string secret_;
};

}  // namespace atrium::chat
