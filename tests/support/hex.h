#pragma once

#include <gtest/gtest.h>

#include <charconv>
#include <string>
#include <string_view>

namespace atrium::test {

/// "c3" for the octet 0xc3.
inline std::string hex(std::string_view octets) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  for (const char c : octets) {
    const auto octet = static_cast<unsigned char>(c);
    digits += {kDigits[octet >> 4], kDigits[octet & 0x0f]};
  }
  return digits;
}

/// The octets that `digits` write in hexadecimal, two digits an octet.
inline std::string octets_of(std::string_view digits) {
  EXPECT_EQ(digits.size() % 2, 0u) << digits;
  std::string octets;
  for (std::size_t at = 0; at + 2 <= digits.size(); at += 2) {
    unsigned octet = 0;
    const auto [end, error] = std::from_chars(digits.data() + at, digits.data() + at + 2, octet, 16);
    EXPECT_TRUE(error == std::errc() && end == digits.data() + at + 2) << digits;
    octets.push_back(static_cast<char>(octet));
  }
  return octets;
}

}  // namespace atrium::test
