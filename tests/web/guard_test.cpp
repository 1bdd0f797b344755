#include "web/guard.h"

#include <gtest/gtest.h>

namespace atrium::web {
namespace {

std::optional<std::string_view> token_of(http::Headers headers) {
  static http::Request request;  // the token is borrowed from it
  request.headers = std::move(headers);
  return bearer_token(request);
}

TEST(BearerToken, IsTakenFromTheAuthorizationHeader) {
  EXPECT_EQ(token_of({{"authorization", "Bearer x.y.z"}}), "x.y.z");
  EXPECT_EQ(token_of({{"authorization", "bearer  x.y.z"}}), "x.y.z") << "schemes compare without case";
}

TEST(BearerToken, IsTakenFromTheCookieElse) {
  EXPECT_EQ(token_of({{"cookie", "theme=dark; access_token=from.the.cookie"}}), "from.the.cookie");
  EXPECT_EQ(token_of({{"authorization", "Basic abc"}, {"cookie", "access_token=c"}}), "c");
}

TEST(BearerToken, PrefersTheHeader) { EXPECT_EQ(token_of({{"cookie", "access_token=c"}, {"authorization", "Bearer h"}}), "h"); }

TEST(BearerToken, IsNoneWhenNoneIsShown) {
  EXPECT_EQ(token_of({}), std::nullopt);
  EXPECT_EQ(token_of({{"authorization", "Bearer "}}), std::nullopt);
  EXPECT_EQ(token_of({{"authorization", "Bearer"}}), std::nullopt);
  EXPECT_EQ(token_of({{"authorization", "Bearerx.y.z"}}), std::nullopt);
  EXPECT_EQ(token_of({{"authorization", "Basic abc"}}), std::nullopt);
  EXPECT_EQ(token_of({{"cookie", "access_token="}}), std::nullopt);
}

}  // namespace
}  // namespace atrium::web
