#include "base/utf8.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace atrium {
namespace {

/// The octets that a code point would have, whether it may have them or not.
std::string encode(std::uint32_t code_point) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | (code_point >> shift & 0x3f)); };
  if (code_point < 0x80) return {static_cast<char>(code_point)};
  if (code_point < 0x800) return {static_cast<char>(0xc0 | code_point >> 6), tail(0)};
  if (code_point < 0x10000) return {static_cast<char>(0xe0 | code_point >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | code_point >> 18), tail(12), tail(6), tail(0)};
}

TEST(Utf8, TakesEveryCodePointButSurrogates) {
  for (std::uint32_t code_point = 0; code_point <= 0x110400; ++code_point) {
    const bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
    ASSERT_EQ(is_valid_utf8(encode(code_point)), !surrogate && code_point <= 0x10ffff) << std::hex << code_point;
  }
}

TEST(Utf8, RefusesOverlongForms) {
  for (const std::string_view text : {"\xc0\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xe0\x9f\xbf", "\xf0\x80\x80\xaf",
                                      "\xf0\x8f\xbf\xbf", "\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80"}) {
    EXPECT_FALSE(is_valid_utf8(text));
  }
}

TEST(Utf8, RefusesALoneOctetAboveAscii) {
  for (int octet = 0x80; octet <= 0xff; ++octet) EXPECT_FALSE(is_valid_utf8(std::string(1, static_cast<char>(octet))));
}

TEST(Utf8, RefusesACharacterWithoutItsEnd) {
  for (const std::string_view character : {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"}) {
    for (std::size_t size = 1; size < character.size(); ++size) {
      const std::string start(character.substr(0, size));
      EXPECT_FALSE(is_valid_utf8(start));
      EXPECT_FALSE(is_valid_utf8(start + "x"));
      EXPECT_FALSE(is_valid_utf8("eight of ASCII " + start));
      EXPECT_FALSE(is_valid_utf8(start + "and eight of ASCII"));
    }
  }
}

TEST(Utf8, FindsABadOctetWhereverItStands) {
  for (std::size_t size = 1; size <= 40; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'a');
      EXPECT_TRUE(is_valid_utf8(text));
      text[at] = '\x80';
      EXPECT_FALSE(is_valid_utf8(text)) << "octet " << at << " of " << size;
    }
  }
}

TEST(Utf8, TakesCharactersAcrossTheStepsOfTheFastPath) {
  for (std::size_t before = 0; before < 20; ++before) {
    EXPECT_TRUE(is_valid_utf8(std::string(before, 'a') + "\xf0\x9f\x98\x80\xe2\x82\xac" + std::string(17, 'b')));
  }
}

TEST(Utf8, CountsCodePoints) {
  EXPECT_EQ(utf8_length(""), 0u);
  EXPECT_EQ(utf8_length("abc"), 3u);
  EXPECT_EQ(utf8_length("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80!"), 4u);
}

}  // namespace
}  // namespace atrium
