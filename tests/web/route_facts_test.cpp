#include "web/route_facts.h"

#include <gtest/gtest.h>

#include "tests/web/library.h"

namespace atrium::web {
namespace {

TEST(RouteFacts, TellWithoutAnInstanceWhatDocumentsNeed) {
  std::vector<std::string> lines;
  visit_routes<Library>([&]<class Facts>(Facts facts) {
    std::string line = std::string(facts.method) + " " + std::string(facts.pattern) + " " + std::to_string(facts.status());
    for (const auto scheme : facts.security()) line.append(" ").append(scheme);
    if (!facts.summary().empty()) line.append(" - ").append(facts.summary());
    if constexpr (std::is_same_v<typename Facts::Body, Note>) line += " <Note";
    if constexpr (std::is_same_v<typename Facts::Query, Query<Page>>) line += " ?Page";
    if constexpr (std::is_same_v<typename Facts::Answer, Ok<Note>>) line += " >Note";
    if constexpr (Facts::verb == Verb::stream) line += " ...";
    lines.push_back(line);
  });
  ASSERT_EQ(lines.size(), 21u);
  EXPECT_EQ(lines[2], "GET /coroutine 200 - Waits");
  EXPECT_EQ(lines[9], "GET /pages 200 ?Page");
  EXPECT_EQ(lines[11], "PUT /quiet/:id 204");
  EXPECT_EQ(lines[15], "POST /books/:bookId/notes 201 bearer - A note in a book <Note >Note");
  EXPECT_EQ(lines[18], "GET /books/:bookId/live 204 bearer ...");
}

TEST(RouteFacts, KnowWhichNamesAPatternHas) {
  static_assert(pattern_has(FixedString("/channels/:channelId/members/:userId"), FixedString("userId")));
  static_assert(pattern_has(FixedString("/:a"), FixedString("a")));
  static_assert(!pattern_has(FixedString("/channels/:channelId"), FixedString("channel")));
  static_assert(!pattern_has(FixedString("/channels/channelId"), FixedString("channelId")));
  static_assert(!pattern_has(FixedString("/"), FixedString("")));
}

}  // namespace
}  // namespace atrium::web
