#include "websocket/handshake.h"

#include <gtest/gtest.h>

namespace atrium::websocket {
namespace {

// RFC 6455, section 1.3.
TEST(Handshake, AnswersTheKeyOfTheRfc) { EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="); }

TEST(Handshake, TakesAKeyOfSixteenOctets) { EXPECT_TRUE(is_valid_key("dGhlIHNhbXBsZSBub25jZQ==")); }

TEST(Handshake, RefusesAnyOtherKey) {
  for (const std::string_view key :
       {"", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZTE=", "dGhlIHNhbXBsZSBub25jZTEy",
        "dGhlIHNhbXBsZSBub25j ZQ==", "dGhlIHNhbXBsZSBub25j*Q==", "x3JJHMbDL1EzLkh9GBhXDw==x3JJHMbDL1EzLkh9GBhXDw=="}) {
    EXPECT_FALSE(is_valid_key(key)) << key;
  }
}

}  // namespace
}  // namespace atrium::websocket
