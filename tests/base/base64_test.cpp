#include "base/base64.h"

#include <gtest/gtest.h>

namespace atrium {
namespace {

struct Vector {
  std::string_view octets;
  std::string_view text;
};

// RFC 4648, section 10.
constexpr Vector kVectors[] = {{"", ""},
                               {"f", "Zg=="},
                               {"fo", "Zm8="},
                               {"foo", "Zm9v"},
                               {"foob", "Zm9vYg=="},
                               {"fooba", "Zm9vYmE="},
                               {"foobar", "Zm9vYmFy"}};

TEST(Base64, EncodesTheVectorsOfTheRfc) {
  for (const Vector& vector : kVectors) EXPECT_EQ(base64_encode(vector.octets), vector.text);
}

TEST(Base64, DecodesTheVectorsOfTheRfc) {
  for (const Vector& vector : kVectors) EXPECT_EQ(base64_decode(vector.text), vector.octets);
}

TEST(Base64, ForgivesMissingPadding) {
  EXPECT_EQ(base64_decode("Zg"), "f");
  EXPECT_EQ(base64_decode("Zm8"), "fo");
}

TEST(Base64, RefusesWhatIsNoBase64) {
  for (const std::string_view text :
       {"Z", "Zm9vY", "Zg=", "Z===", "=", "====", "Zg==Zg==", "Zm 8=", "Zm9\n", "Zm-_", "Z\xc3\xa9g"}) {
    EXPECT_FALSE(base64_decode(text)) << text;
  }
}

TEST(Base64, ReturnsEveryOctet) {
  std::string octets;
  for (int i = 0; i < 256; ++i) octets.push_back(static_cast<char>(i));
  EXPECT_EQ(base64_decode(base64_encode(octets)), octets);
}

TEST(Base64, UsesBothAlphabetsToTheEnd) {
  EXPECT_EQ(base64_encode("\xfb\xff\xbf"), "+/+/");
  EXPECT_EQ(base64url_encode("\xfb\xff\xbf"), "-_-_");
  EXPECT_EQ(base64_decode("+/+/"), "\xfb\xff\xbf");
}

TEST(Base64, ReadsTheAlphabetOfUrlsAsItWritesIt) {
  EXPECT_EQ(base64url_decode("-_-_"), "\xfb\xff\xbf");
  EXPECT_EQ(base64url_decode("Zg"), "f");
  EXPECT_EQ(base64url_decode(""), "");
  for (const std::string_view text : {"Z", "Zg==", "+/+/", "Zm9\n"}) EXPECT_FALSE(base64url_decode(text)) << text;
}

TEST(Base64, LeavesOutThePaddingInUrls) {
  EXPECT_EQ(base64url_encode("f"), "Zg");
  EXPECT_EQ(base64url_encode("fo"), "Zm8");
}

}  // namespace
}  // namespace atrium
