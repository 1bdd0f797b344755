#include "chat/accounts/token.h"

#include <jwt.h>

#include <boost/json.hpp>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>

namespace atrium::chat {

namespace {

using Jwt = std::unique_ptr<jwt_t, decltype(&jwt_free)>;

std::string claim(const Jwt& jwt, const char* name) {
  const char* value = jwt_get_grant(jwt.get(), name);
  return value ? value : "";
}

/// Seconds since the epoch, maybe with a fraction (RFC 7519 2, NumericDate); none when the claim is absent, NaN when it is no
/// number.
std::optional<double> time_claim(const Jwt& jwt, const char* name) {
  const std::unique_ptr<char, decltype(&std::free)> text(jwt_get_grants_json(jwt.get(), name), &std::free);
  if (!text) return std::nullopt;
  boost::system::error_code error;
  const auto value = boost::json::parse(text.get(), error);
  return !error && value.is_number() ? value.to_number<double>() : std::numeric_limits<double>::quiet_NaN();
}

const unsigned char* octets(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::int64_t seconds(WallTime time) { return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count(); }

}  // namespace

Result<Claims, TokenError> TokenAuthority::verify(std::string_view token, WallTime now) const {
  if (token.find('\0') != token.npos) return TokenError::invalid;  // it would be read up to there
  jwt_t* raw = nullptr;
  if (jwt_decode(&raw, std::string(token).c_str(), octets(secret_), static_cast<int>(secret_.size())) != 0)
    return TokenError::invalid;
  const Jwt jwt(raw, &jwt_free);
  if (jwt_get_alg(jwt.get()) != JWT_ALG_HS256) return TokenError::invalid;
  const Claims claims{.subject = claim(jwt, "sub"), .email = claim(jwt, "email"), .name = claim(jwt, "name")};
  if (claims.subject.empty() || claims.subject.size() > 128) return TokenError::invalid;
  const double time = static_cast<double>(seconds(now));
  constexpr double leeway = std::chrono::duration<double>(kLeeway).count();
  if (const auto expires = time_claim(jwt, "exp")) {
    if (std::isnan(*expires)) return TokenError::invalid;
    if (time > *expires + leeway) return TokenError::expired;
  }
  for (const char* name : {"nbf", "iat"}) {
    if (const auto since = time_claim(jwt, name); since && !(*since <= time + leeway)) return TokenError::invalid;
  }
  return claims;
}

std::string TokenAuthority::mint(const Claims& claims, WallTime now, std::chrono::seconds lifetime) const {
  jwt_t* raw = nullptr;
  if (jwt_new(&raw) != 0) throw std::bad_alloc();
  const Jwt jwt(raw, &jwt_free);
  jwt_set_alg(jwt.get(), JWT_ALG_HS256, octets(secret_), static_cast<int>(secret_.size()));
  jwt_add_grant(jwt.get(), "sub", claims.subject.c_str());
  if (!claims.email.empty()) jwt_add_grant(jwt.get(), "email", claims.email.c_str());
  if (!claims.name.empty()) jwt_add_grant(jwt.get(), "name", claims.name.c_str());
  jwt_add_grant_int(jwt.get(), "iat", seconds(now));
  jwt_add_grant_int(jwt.get(), "exp", seconds(now) + lifetime.count());
  const std::unique_ptr<char, decltype(&std::free)> encoded(jwt_encode_str(jwt.get()), &std::free);
  return encoded.get();
}

}  // namespace atrium::chat
