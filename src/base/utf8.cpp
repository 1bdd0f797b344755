#include "base/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace atrium {

namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080;

bool is_continuation(char c) { return (static_cast<std::uint8_t>(c) & 0xc0) == 0x80; }

/// Octets of the character that `lead` opens, and what its second octet may be (RFC 3629, section 4); size 0: it opens none.
struct Lead {
  std::size_t size;
  std::uint8_t second_min;
  std::uint8_t second_max;
};

constexpr Lead classify(std::uint8_t lead) {
  if (lead < 0x80) return {1, 0, 0};
  if (lead < 0xc2) return {0, 0, 0};  // a continuation, or an overlong form of ASCII
  if (lead < 0xe0) return {2, 0x80, 0xbf};
  if (lead == 0xe0) return {3, 0xa0, 0xbf};  // below are overlong forms
  if (lead == 0xed) return {3, 0x80, 0x9f};  // above are surrogates
  if (lead < 0xf0) return {3, 0x80, 0xbf};
  if (lead == 0xf0) return {4, 0x90, 0xbf};  // below are overlong forms
  if (lead < 0xf4) return {4, 0x80, 0xbf};
  if (lead == 0xf4) return {4, 0x80, 0x8f};  // above is more than U+10FFFF
  return {0, 0, 0};
}

/// Octets of the valid character that `text` opens with; 0 when it does not.
std::size_t character_size(std::string_view text) {
  const Lead lead = classify(static_cast<std::uint8_t>(text[0]));
  if (lead.size <= 1) return lead.size;
  if (text.size() < lead.size) return 0;
  const auto second = static_cast<std::uint8_t>(text[1]);
  if (second < lead.second_min || second > lead.second_max) return 0;
  for (std::size_t i = 2; i < lead.size; ++i) {
    if (!is_continuation(text[i])) return 0;
  }
  return lead.size;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    if (text.size() >= sizeof(std::uint64_t)) {
      std::uint64_t eight;
      std::memcpy(&eight, text.data(), sizeof eight);
      if ((eight & kHighBits) == 0) {
        text.remove_prefix(sizeof eight);
        continue;
      }
    }
    const std::size_t size = character_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::size_t utf8_length(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_continuation));
}

}  // namespace atrium
