#include "chat/accounts/token.h"

#include <jwt.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <limits>
#include <memory>

#include "base/base64.h"
#include "base/digest.h"

namespace atrium::chat {

namespace {

namespace json = boost::json;

using Jwt = std::unique_ptr<jwt_t, decltype(&jwt_free)>;

constexpr std::string_view kOwnIssuer = "atrium";

/// What the header of a token says of itself (RFC 7515 4.1), before anything of it is known to be true.
struct Header {
  std::string algorithm;
  std::optional<std::string> key_id;
};

Header header_of(std::string_view token) {
  Header header;
  const auto text = base64url_decode(token.substr(0, token.find('.')));
  boost::system::error_code error;
  const json::value value = text ? json::parse(*text, error) : json::value();
  if (error || !value.is_object()) return header;
  const json::value* algorithm = value.get_object().if_contains("alg");
  if (algorithm && algorithm->is_string()) header.algorithm = algorithm->get_string();
  const json::value* key_id = value.get_object().if_contains("kid");
  if (key_id && key_id->is_string()) header.key_id.emplace(key_id->get_string());
  return header;
}

std::string claim(const Jwt& jwt, const char* name) {
  const char* value = jwt_get_grant(jwt.get(), name);
  return value ? value : "";
}

/// Any claim as JSON; none when it is absent.
std::optional<json::value> json_claim(const Jwt& jwt, const char* name) {
  const std::unique_ptr<char, decltype(&std::free)> text(jwt_get_grants_json(jwt.get(), name), &std::free);
  if (!text) return std::nullopt;
  boost::system::error_code error;
  json::value value = json::parse(text.get(), error);
  return error ? json::value() : value;
}

/// Seconds since the epoch, maybe with a fraction (RFC 7519 2, NumericDate); none when the claim is absent, NaN when it is no
/// number.
std::optional<double> time_claim(const Jwt& jwt, const char* name) {
  const auto value = json_claim(jwt, name);
  if (!value) return std::nullopt;
  return value->is_number() ? value->to_number<double>() : std::numeric_limits<double>::quiet_NaN();
}

/// `aud` is one name or a list of them (RFC 7519 4.1.3).
bool is_for(const Jwt& jwt, const std::string& audience) {
  const auto value = json_claim(jwt, "aud");
  if (!value) return false;
  const json::value wanted(json::string_view(audience.data(), audience.size()));
  if (!value->is_array()) return *value == wanted;
  return std::find(value->get_array().begin(), value->get_array().end(), wanted) != value->get_array().end();
}

const unsigned char* octets(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::int64_t seconds(WallTime time) { return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count(); }

WallTime wall_time(double since_epoch) {
  // Beyond a few thousand years a date is as good as none, and would overflow.
  return WallTime(std::chrono::milliseconds(static_cast<std::int64_t>(std::clamp(since_epoch, 0.0, 1e11) * 1000)));
}

/// Null unless `key` is the one that made the signature, by just this algorithm: a public key, which everybody knows, must
/// never be taken for the secret of a token that calls itself HS256.
Jwt decode(const std::string& token, const std::string& algorithm, const std::string& key) {
  jwt_t* raw = nullptr;
  if (jwt_decode(&raw, token.c_str(), octets(key), static_cast<int>(key.size())) != 0) return Jwt(nullptr, &jwt_free);
  Jwt jwt(raw, &jwt_free);
  if (jwt_get_alg(raw) != jwt_str_alg(algorithm.c_str())) jwt.reset();
  return jwt;
}

/// With every key that may have made it, one after the other.
Jwt decode(const std::string& token, const Header& header, const TokenRules& rules) {
  if (header.algorithm.starts_with("HS")) {
    return rules.secret.empty() ? Jwt(nullptr, &jwt_free) : decode(token, header.algorithm, rules.secret);
  }
  for (const PublicKey& key : rules.keys) {
    const bool named = key.id.empty() || !header.key_id || key.id == *header.key_id;
    if (key.algorithm != header.algorithm || !named) continue;
    if (Jwt jwt = decode(token, header.algorithm, key.pem)) return jwt;
  }
  return Jwt(nullptr, &jwt_free);
}

}  // namespace

Result<Claims, TokenError> TokenAuthority::verify(std::string_view token, WallTime now) const {
  const auto known = check(token);
  if (!known) return known.error();
  return judge(*known, now);
}

Result<SignedClaims, TokenError> TokenAuthority::check(std::string_view token) const {
  if (token.find('\0') != token.npos) return TokenError::invalid;  // it would be read up to there
  const Header header = header_of(token);
  const auto& allowed = rules_.algorithms;
  if (std::find(allowed.begin(), allowed.end(), header.algorithm) == allowed.end()) return TokenError::invalid;
  const Jwt jwt = decode(std::string(token), header, rules_);
  if (!jwt) return TokenError::invalid;

  Claims claims{.subject = claim(jwt, "sub"), .email = claim(jwt, "email"), .name = claim(jwt, "name")};
  if (claims.subject.empty() || claims.subject.size() > 128) return TokenError::invalid;
  const std::string issuer = claim(jwt, "iss");
  const bool own = issuer == kOwnIssuer && header.algorithm == "HS256";
  if (!own && !rules_.issuer.empty() && issuer != rules_.issuer) return TokenError::invalid;
  if (!own && !rules_.audience.empty() && !is_for(jwt, rules_.audience)) return TokenError::invalid;
  if (own) {
    claims.session = claim(jwt, "sid");
    claims.role = claim(jwt, "globalRole");
  }

  if (const auto expires = time_claim(jwt, "exp")) {
    if (std::isnan(*expires)) return TokenError::invalid;
    claims.expires_at = wall_time(*expires);
  }
  SignedClaims known{.claims = std::move(claims)};
  for (const char* name : {"nbf", "iat"}) {
    const auto since = time_claim(jwt, name);
    if (since && std::isnan(*since)) return TokenError::invalid;
    known.not_before = std::max(known.not_before, since.value_or(0));
  }
  return known;
}

Result<Claims, TokenError> TokenAuthority::judge(const SignedClaims& known, WallTime now) const {
  const WallTime at = std::chrono::floor<std::chrono::seconds>(now);
  if (known.claims.expires_at && at > *known.claims.expires_at + rules_.leeway) return TokenError::expired;
  const double leeway = std::chrono::duration<double>(rules_.leeway).count();
  if (static_cast<double>(seconds(now)) + leeway < known.not_before) return TokenError::invalid;
  return known.claims;
}

std::string TokenAuthority::mint(const Claims& claims, WallTime now, std::chrono::seconds lifetime) const {
  jwt_t* raw = nullptr;
  if (jwt_new(&raw) != 0) throw std::bad_alloc();
  const Jwt jwt(raw, &jwt_free);
  jwt_set_alg(jwt.get(), JWT_ALG_HS256, octets(rules_.secret), static_cast<int>(rules_.secret.size()));
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) jwt_add_grant(jwt.get(), name, value.c_str());
  };
  add("iss", std::string(kOwnIssuer));
  add("sub", claims.subject);
  add("email", claims.email);
  add("name", claims.name);
  add("sid", claims.session);
  add("globalRole", claims.role);
  jwt_add_grant_int(jwt.get(), "iat", seconds(now));
  jwt_add_grant_int(jwt.get(), "exp", seconds(now) + lifetime.count());
  const std::unique_ptr<char, decltype(&std::free)> encoded(jwt_encode_str(jwt.get()), &std::free);
  return encoded.get();
}

std::string TokenAuthority::derived_key(std::string_view purpose) const { return hmac_sha256(rules_.secret, purpose); }

}  // namespace atrium::chat
