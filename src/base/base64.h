#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace atrium {

/// The standard alphabet with padding (RFC 4648, section 4).
std::string base64_encode(std::string_view octets);

/// The reverse; missing padding is forgiven, any other octet outside the alphabet is not. None when it is no base64.
std::optional<std::string> base64_decode(std::string_view text);

/// The alphabet that is safe in URLs and file names, without padding (RFC 4648, section 5).
std::string base64url_encode(std::string_view octets);

/// The reverse. None when it is not such text, without padding.
std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace atrium
