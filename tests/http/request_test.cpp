#include "http/request.h"

#include <gtest/gtest.h>

namespace atrium::http {
namespace {

Request of(std::string_view target) {
  Request request;
  parse_target(target, request);
  return request;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST(ParseTarget, SplitsPathAndQuery) {
  const Request request = of("/channels/general/messages?limit=50&before=abc");
  EXPECT_EQ(request.target, "/channels/general/messages?limit=50&before=abc");
  EXPECT_EQ(request.path, "/channels/general/messages");
  EXPECT_EQ(request.query, (Pairs{{"limit", "50"}, {"before", "abc"}}));
}

TEST(ParseTarget, DecodesEscapes) {
  const Request request = of("/caf%C3%A9/a+b?q=caf%c3%A9+au%20lait&%26=%3d");
  EXPECT_EQ(request.path, "/caf\xC3\xA9/a+b") << "a plus is a plus in a path";
  EXPECT_EQ(request.query, (Pairs{{"q", "caf\xC3\xA9 au lait"}, {"&", "="}}));
}

TEST(ParseTarget, LeavesWhatIsNoEscapeAsItIs) {
  const Request request = of("/100%/%zz/%4?a=%&b=%1");
  EXPECT_EQ(request.path, "/100%/%zz/%4");
  EXPECT_EQ(request.query, (Pairs{{"a", "%"}, {"b", "%1"}}));
}

TEST(ParseTarget, TakesOddQueriesAsTheyCome) {
  EXPECT_EQ(of("/?").query, Pairs{});
  EXPECT_EQ(of("/?a").query, (Pairs{{"a", ""}}));
  EXPECT_EQ(of("/?a=").query, (Pairs{{"a", ""}}));
  EXPECT_EQ(of("/?a=b=c").query, (Pairs{{"a", "b=c"}}));
  EXPECT_EQ(of("/?&&a=1&&").query, (Pairs{{"a", "1"}}));
  EXPECT_EQ(of("/?a=1&a=2").query, (Pairs{{"a", "1"}, {"a", "2"}}));
  EXPECT_EQ(of("/?q=what?").query, (Pairs{{"q", "what?"}}));
}

TEST(PercentDecode, DecodesAtTheVeryEnd) {
  EXPECT_EQ(percent_decode("%41"), "A");
  EXPECT_EQ(percent_decode("a%2Fb%00"), std::string("a/b\0", 4));
}

TEST(Request, FindsTheFirstQueryValueOfAName) {
  const Request request = of("/?limit=1&limit=2&empty");
  EXPECT_EQ(request.query_value("limit"), "1");
  EXPECT_EQ(request.query_value("empty"), "");
  EXPECT_EQ(request.query_value("none"), std::nullopt);
}

TEST(Request, FindsACookie) {
  Request request;
  EXPECT_EQ(request.cookie("a"), std::nullopt);
  request.headers = {{"cookie", "a=1; access_token=x.y.z;b=2 ;  c=d=e; flag"}};
  EXPECT_EQ(request.cookie("a"), "1");
  EXPECT_EQ(request.cookie("access_token"), "x.y.z");
  EXPECT_EQ(request.cookie("b"), "2");
  EXPECT_EQ(request.cookie("c"), "d=e");
  EXPECT_EQ(request.cookie("token"), std::nullopt) << "the end of another's name";
  EXPECT_EQ(request.cookie("flag"), std::nullopt);
}

TEST(Request, FindsAHeaderByItsLowerCaseName) {
  Request request;
  request.headers = {{"accept", "first"}, {"accept", "second"}};
  EXPECT_EQ(request.header("accept"), "first");
  EXPECT_EQ(request.header("origin"), std::nullopt);
}

}  // namespace
}  // namespace atrium::http
