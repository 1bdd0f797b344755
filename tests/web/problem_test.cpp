#include "web/problem.h"

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace atrium::web {
namespace {

boost::json::object body_of(const http::Response& response) { return boost::json::parse(response.body).as_object(); }

std::string_view header(const http::Response& response, std::string_view name) {
  return http::find_header(response.headers, name).value_or("");
}

TEST(Problem, HasTheMembersOfTheStandardAndThoseOfTheContract) {
  const Problem problem(403, "NOT_MESSAGE_AUTHOR", "Only its author may change a message.");
  const auto response = to_response(problem, "/messages/1", "r1");
  EXPECT_EQ(response.status, 403u);
  EXPECT_EQ(header(response, "Content-Type"), "application/problem+json");
  EXPECT_EQ(body_of(response), (boost::json::object{{"type", "/errors/not-message-author"},
                                                    {"title", "Forbidden"},
                                                    {"status", 403},
                                                    {"detail", "Only its author may change a message."},
                                                    {"instance", "/messages/1"},
                                                    {"code", "NOT_MESSAGE_AUTHOR"},
                                                    {"message", "NOT_MESSAGE_AUTHOR"},
                                                    {"success", false},
                                                    {"requestId", "r1"}}));
}

TEST(Problem, NamesTheFieldsToBlame) {
  const Problem problem(422, "VALIDATION_FAILED", "The body is not as it should be.", {{"name", "is missing"}});
  const auto response = to_response(problem, "/", "");
  EXPECT_EQ(body_of(response).at("errors"), (boost::json::array{{{"field", "name"}, {"message", "is missing"}}}));
  EXPECT_FALSE(body_of(response).contains("requestId"));
}

TEST(Problem, HasADetailInAnyCase) {
  const Problem problem(404, "CHANNEL_NOT_FOUND");
  EXPECT_EQ(problem.detail, "Not Found");
  EXPECT_STREQ(problem.what(), "CHANNEL_NOT_FOUND");
}

TEST(Problem, TellsHowToAuthenticate) {
  EXPECT_EQ(header(to_response(Problem(401, "UNAUTHORIZED"), "/", ""), "WWW-Authenticate"), "Bearer");
  EXPECT_EQ(header(to_response(Problem(403, "X"), "/", ""), "WWW-Authenticate"), "");
}

TEST(Problem, CarriesItsOwnHeaders) {
  EXPECT_EQ(header(to_response(Problem(429, "SLOW_DOWN", {}, {}, {{"Retry-After", "5"}}), "/", ""), "Retry-After"), "5");
}

TEST(Problem, IsJsonWhateverThePathHolds) {
  const auto response = to_response(Problem(404, "NOT_FOUND"), "/a\xff\"\x80", "");
  EXPECT_EQ(body_of(response).at("instance"), "/a%FF\"%80");
}

}  // namespace
}  // namespace atrium::web
