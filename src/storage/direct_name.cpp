#include "storage/direct_name.h"

#include <algorithm>

#include "base/digest.h"

namespace atrium::storage {

std::string direct_name(const UserId& one, const UserId& other) {
  const auto& [low, high] = std::minmax(one, other);
  const std::string digest = sha256(std::to_string(low.value.size()) + ":" + low.value + high.value);
  std::string name = "direct_";
  for (std::size_t i = 0; i < 16; ++i) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto octet = static_cast<unsigned char>(digest[i]);
    name += {kDigits[octet >> 4], kDigits[octet & 15]};
  }
  return name;
}

}  // namespace atrium::storage
