#include "web/answer.h"

#include <gtest/gtest.h>

namespace atrium::web {

struct Point {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(Point, (), (id))

namespace {

struct Broken {};
Problem to_problem(Broken) { return Problem(409, "BROKEN"); }

TEST(Answer, IsTheJsonOfWhatWasReturned) {
  const auto response = to_answer(Point{"1"}, 201);
  EXPECT_EQ(response.status, 201u);
  EXPECT_EQ(http::find_header(response.headers, "Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(response.body, R"({"id":"1"})");
  EXPECT_EQ(to_answer(std::vector<Point>{{"1"}, {"2"}}, 200).body, R"([{"id":"1"},{"id":"2"}])");
  EXPECT_EQ(to_answer(json::value{1, "a", nullptr}, 200).body, R"([1,"a",null])");
}

TEST(Answer, IsAResponseAsItWasReturned) {
  EXPECT_EQ(to_answer(http::Response{.status = 302, .headers = {}, .body = "there"}, 200).status, 302u);
}

TEST(Answer, IsTheValueOfAResultOrTheProblemOfItsError) {
  EXPECT_EQ(to_answer(Result<Point, Broken>(Point{"1"}), 200).body, R"({"id":"1"})");
  try {
    to_answer(Result<Point, Broken>(Broken()), 200);
    FAIL() << "nothing was thrown";
  } catch (const Problem& problem) {
    EXPECT_EQ(problem.code, "BROKEN");
  }
}

TEST(Ok, WrapsTheDataAndTheMessage) {
  EXPECT_EQ(to_answer(ok(Point{"1"}, "Created"), 201).body, R"({"success":true,"data":{"id":"1"},"message":"Created"})");
}

TEST(Ok, LeavesOutAMessageThatIsNone) { EXPECT_EQ(to_answer(ok(nullptr), 200).body, R"({"success":true,"data":null})"); }

}  // namespace
}  // namespace atrium::web
