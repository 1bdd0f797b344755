#pragma once

#include <cstddef>
#include <string_view>

namespace atrium {

/// RFC 3629: shortest forms only, no surrogates, nothing above U+10FFFF.
bool is_valid_utf8(std::string_view text);

/// Code points in `text`, which must be valid.
std::size_t utf8_length(std::string_view text);

}  // namespace atrium
