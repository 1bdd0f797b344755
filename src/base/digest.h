#pragma once

#include <string>
#include <string_view>

namespace atrium {

/// 20 raw octets. For protocols that ask for it (RFC 6455), not for secrets.
std::string sha1(std::string_view octets);

/// 32 raw octets.
std::string sha256(std::string_view octets);

/// 32 raw octets that only who has `key` can make of `octets` (RFC 2104).
std::string hmac_sha256(std::string_view key, std::string_view octets);

}  // namespace atrium
