#include "engineio/handshake.h"

#include <gmock/gmock.h>

namespace atrium::engineio {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

http::Request request() {
  http::Request request;
  http::parse_target("/engine.io/?EIO=4&name=J%C3%BCrgen+M&name=second&empty", request);
  request.peer = "127.0.0.1";
  return request;
}

TEST(Handshake, TellsTheQueryDecoded) {
  const Handshake handshake(request(), {});
  EXPECT_EQ(handshake.query_value("name"), "J\xc3\xbcrgen M");
  EXPECT_EQ(handshake.query_value("empty"), "");
  EXPECT_EQ(handshake.query_value("none"), std::nullopt);
  EXPECT_THAT(handshake.query(),
              ElementsAre(Pair("EIO", "4"), Pair("name", "J\xc3\xbcrgen M"), Pair("name", "second"), Pair("empty", "")));
}

TEST(Handshake, TellsAllHeadersInOrder) {
  http::Request asked = request();
  asked.headers = {{"host", "a"}, {"x-empty", ""}, {"x-colon", "b: c"}, {"x-colon", "d"}};
  const Handshake handshake(asked, {});
  EXPECT_THAT(handshake.headers(),
              ElementsAre(Pair("host", "a"), Pair("x-empty", ""), Pair("x-colon", "b: c"), Pair("x-colon", "d")));
  EXPECT_EQ(handshake.header("x-colon"), "b: c");
  EXPECT_EQ(handshake.header("x-empty"), "");
  EXPECT_THAT(Handshake(request(), {}).headers(), ElementsAre());
}

TEST(Handshake, TellsHowAndFromWhereItCame) {
  http::Request asked = request();
  EXPECT_FALSE(Handshake(asked, {}).secure());
  EXPECT_FALSE(Handshake(asked, {}).xdomain());
  asked.secure = true;
  asked.headers = {{"origin", "https://a.example"}};
  EXPECT_TRUE(Handshake(asked, {}).secure());
  EXPECT_TRUE(Handshake(asked, {}).xdomain());
}

}  // namespace
}  // namespace atrium::engineio
