#include "base/base64.h"

#include <array>
#include <cstdint>

namespace atrium {

namespace {

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kOutside = 0xff;

constexpr std::array<std::uint8_t, 256> reverse(std::string_view alphabet) {
  std::array<std::uint8_t, 256> values{};
  values.fill(kOutside);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr auto kStandardValues = reverse(kStandard);
constexpr auto kUrlSafeValues = reverse(kUrlSafe);

std::uint32_t octet(std::string_view octets, std::size_t i) { return static_cast<std::uint8_t>(octets[i]); }

std::string encode(std::string_view octets, std::string_view alphabet) {
  std::string text((octets.size() * 8 + 5) / 6, '\0');
  char* out = text.data();
  std::size_t i = 0;
  for (; i + 3 <= octets.size(); i += 3) {
    const std::uint32_t bits = octet(octets, i) << 16 | octet(octets, i + 1) << 8 | octet(octets, i + 2);
    *out++ = alphabet[bits >> 18];
    *out++ = alphabet[bits >> 12 & 63];
    *out++ = alphabet[bits >> 6 & 63];
    *out++ = alphabet[bits & 63];
  }
  if (octets.size() - i == 1) {
    *out++ = alphabet[octet(octets, i) >> 2];
    *out++ = alphabet[octet(octets, i) << 4 & 63];
  } else if (octets.size() - i == 2) {
    const std::uint32_t bits = octet(octets, i) << 8 | octet(octets, i + 1);
    *out++ = alphabet[bits >> 10];
    *out++ = alphabet[bits >> 4 & 63];
    *out++ = alphabet[bits << 2 & 63];
  }
  return text;
}

/// Text without padding.
std::optional<std::string> decode(std::string_view text, const std::array<std::uint8_t, 256>& values) {
  // Four characters carry three octets; one left over carries not even one.
  if (text.size() % 4 == 1) return std::nullopt;

  std::string octets;
  octets.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const std::uint8_t value = values[static_cast<std::uint8_t>(c)];
    if (value == kOutside) return std::nullopt;
    bits = bits << 6 | value;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    octets.push_back(static_cast<char>(bits >> held & 0xff));
  }
  return octets;
}

}  // namespace

std::string base64_encode(std::string_view octets) {
  std::string text = encode(octets, kStandard);
  text.resize((text.size() + 3) / 4 * 4, '=');
  return text;
}

std::string base64url_encode(std::string_view octets) { return encode(octets, kUrlSafe); }

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 == 0) {
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  }
  return decode(text, kStandardValues);
}

std::optional<std::string> base64url_decode(std::string_view text) { return decode(text, kUrlSafeValues); }

}  // namespace atrium
