#include "chat/token.h"

#include <jwt.h>

#include <memory>

namespace atrium::chat {

namespace {

using Jwt = std::unique_ptr<jwt_t, decltype(&jwt_free)>;

std::string claim(const Jwt& jwt, const char* name) {
  const char* value = jwt_get_grant(jwt.get(), name);
  return value ? value : "";
}

/// Seconds since the epoch; 0 when the claim is absent.
std::int64_t time_claim(const Jwt& jwt, const char* name) { return jwt_get_grant_int(jwt.get(), name); }

const unsigned char* octets(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::int64_t seconds(WallTime time) { return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count(); }

}  // namespace

Result<Claims, TokenError> TokenAuthority::verify(std::string_view token, WallTime now) const {
  jwt_t* raw = nullptr;
  if (jwt_decode(&raw, std::string(token).c_str(), octets(secret_), static_cast<int>(secret_.size())) != 0) return TokenError::invalid;
  const Jwt jwt(raw, &jwt_free);
  if (jwt_get_alg(jwt.get()) != JWT_ALG_HS256) return TokenError::invalid;
  const Claims claims{.subject = claim(jwt, "sub"), .email = claim(jwt, "email"), .name = claim(jwt, "name")};
  if (claims.subject.empty() || claims.subject.size() > 128) return TokenError::invalid;
  const std::int64_t time = seconds(now);
  constexpr std::int64_t leeway = std::chrono::duration_cast<std::chrono::seconds>(kLeeway).count();
  if (const auto expires = time_claim(jwt, "exp"); expires != 0 && time > expires + leeway) return TokenError::expired;
  if (time_claim(jwt, "nbf") > time + leeway || time_claim(jwt, "iat") > time + leeway) return TokenError::invalid;
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
