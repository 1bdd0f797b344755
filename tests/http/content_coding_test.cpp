#include "http/content_coding.h"

#include <gtest/gtest.h>

#include "tests/support/zlib_stream.h"

namespace atrium::http {
namespace {

std::string_view chosen(std::string accept_encoding) {
  return to_string(choose_coding({{"host", "a"}, {"accept-encoding", std::move(accept_encoding)}}));
}

TEST(ContentCoding, IsWhatTheClientNames) {
  EXPECT_EQ(chosen("gzip"), "gzip");
  EXPECT_EQ(chosen("deflate"), "deflate");
  EXPECT_EQ(chosen("GZIP"), "gzip");
  EXPECT_EQ(chosen("br, zstd, gzip"), "gzip");
  EXPECT_EQ(chosen("br"), "identity");
  EXPECT_EQ(chosen(""), "identity");
  EXPECT_EQ(chosen("gzip2"), "identity");
  EXPECT_EQ(to_string(choose_coding({{"host", "a"}})), "identity") << "who says nothing gets what anybody can read";
}

TEST(ContentCoding, IsTheOneOfTheHighestWeight) {
  EXPECT_EQ(chosen("gzip;q=0.5, deflate;q=0.8"), "deflate");
  EXPECT_EQ(chosen("deflate;q=0.5, gzip;q=0.501"), "gzip");
  EXPECT_EQ(chosen("deflate;q=0.5,gzip"), "gzip");
  EXPECT_EQ(chosen("deflate ; Q = 0.2 , gzip ; q = 0.1"), "deflate");
  EXPECT_EQ(chosen("gzip, deflate"), "gzip");
  EXPECT_EQ(chosen("deflate, gzip"), "deflate") << "of equal weights the first";
  EXPECT_EQ(chosen("gzip;level=9;q=0.1, deflate;q=0.2"), "deflate");
}

TEST(ContentCoding, IsNoneOfWeightZero) {
  EXPECT_EQ(chosen("gzip;q=0"), "identity");
  EXPECT_EQ(chosen("gzip;q=0.000, deflate"), "deflate");
  EXPECT_EQ(chosen("gzip;q=none"), "identity");
  EXPECT_EQ(chosen("gzip;q="), "identity");
  EXPECT_EQ(chosen("gzip;q=-1"), "identity");
  EXPECT_EQ(chosen("gzip;q=nan"), "identity");
}

TEST(ContentCoding, MayBeMeantByAStar) {
  EXPECT_EQ(chosen("*"), "gzip");
  EXPECT_EQ(chosen("*;q=0"), "identity");
  EXPECT_EQ(chosen("*;q=0, deflate"), "deflate");
  EXPECT_EQ(chosen("gzip;q=0, *"), "deflate") << "what is named is not meant by the star";
  EXPECT_EQ(chosen("*, deflate"), "deflate") << "named before meant";
  EXPECT_EQ(chosen("*;q=0.9, deflate;q=0.5"), "gzip");
}

TEST(ContentCoding, IsIdentityWhereNothingElseIsLeft) {
  EXPECT_EQ(chosen("identity"), "identity");
  EXPECT_EQ(chosen("identity;q=0"), "identity") << "even refused, as with Node";
  EXPECT_EQ(chosen("identity;q=0, br"), "identity");
  EXPECT_EQ(chosen("identity;q=0, *"), "gzip");
  EXPECT_EQ(chosen("identity, gzip;q=0.1"), "gzip") << "as with Node, which does not weigh it";
}

TEST(ContentCoding, IsReadFromEveryLineOfTheHeader) {
  EXPECT_EQ(choose_coding({{"accept-encoding", "br"}, {"accept-encoding", "deflate"}}), ContentCoding::deflate);
}

TEST(ContentCoding, IsNotDisturbedByRubbish) {
  for (const std::string rubbish : {",", ";", ";q=1", "=", "gzip;;", ",,;,gzip", "gzip;q", "\t", "gzip=1"}) {
    EXPECT_NO_THROW(chosen(rubbish)) << rubbish;
  }
  EXPECT_EQ(chosen(",,;q=1,gzip"), "gzip");
}

TEST(ContentCoding, EncodesTheBody) {
  const std::string body = test::repetitive_text(5000);
  EXPECT_EQ(encode_content(body, ContentCoding::identity, {}), body);
  EXPECT_EQ(test::zlib_inflate(encode_content(body, ContentCoding::gzip, {}), 15 + 16), body);
  EXPECT_EQ(test::zlib_inflate(encode_content(body, ContentCoding::deflate, {}), 15), body) << "zlib's format, RFC 1950";
}

}  // namespace
}  // namespace atrium::http
