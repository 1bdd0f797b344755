#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace atrium {

/// `count` octets that nobody can guess. Any thread.
std::string random_octets(std::size_t count);

/// 20 base64url characters of 15 octets: `first_octet`, which routes the id to where it was made, then 112 random bits.
std::string random_id(std::uint8_t first_octet);

/// The octet that random_id() was given; none when `id` does not have the shape of such an id.
std::optional<std::uint8_t> first_octet_of(std::string_view id);

/// 24 hexadecimal digits in the layout of a MongoDB ObjectId, so that ids made later by this process sort later:
/// 4 octets of seconds, 5 random ones for this process, 3 that count.
std::string object_id(WallTime now);

}  // namespace atrium
