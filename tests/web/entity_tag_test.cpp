#include "web/entity_tag.h"

#include <gtest/gtest.h>

#include "web/answer.h"

namespace atrium::web {

namespace {

TEST(EntityTag, IsFoundInAListWeakOrNot) {
  EXPECT_TRUE(has_version("W/\"a-1\"", "W/\"a-1\""));
  EXPECT_TRUE(has_version("\"x\", \"a-1\"", "W/\"a-1\""));
  EXPECT_TRUE(has_version("*", "\"a-1\""));
}

TEST(EntityTag, IsNoPartOfAnother) {
  EXPECT_FALSE(has_version("W/\"a-12\"", "W/\"a-1\""));
  EXPECT_FALSE(has_version("W/\"a-1\"", "W/\"a-12\""));
  EXPECT_FALSE(has_version("", "\"a-1\""));
}

TEST(Tagged, CarriesItsTagWithAndWithoutAValue) {
  for (const std::optional<int> value : {std::optional<int>(7), std::optional<int>()}) {
    const http::Response response = to_answer(Tagged<int>{.tag = "W/\"a\"", .value = value}, 200);
    EXPECT_EQ(response.status, value ? 200U : 304U);
    EXPECT_EQ(response.body, value ? "7" : "");
    http::Headers named;
    for (const auto& [name, text] : response.headers) {
      if (name != "Content-Type") named.emplace_back(name, text);
    }
    EXPECT_EQ(named, (http::Headers{{"Cache-Control", "private, no-cache"}, {"ETag", "W/\"a\""}}));
  }
}

}  // namespace

}  // namespace atrium::web
