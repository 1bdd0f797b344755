#pragma once

#include <string>
#include <string_view>

namespace atrium {

/// 20 raw octets. For protocols that ask for it (RFC 6455), not for secrets.
std::string sha1(std::string_view octets);

/// 32 raw octets.
std::string sha256(std::string_view octets);

}  // namespace atrium
