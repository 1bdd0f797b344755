#include "web/json_body.h"

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace atrium::web {
namespace {

http::Request with_body(std::string body, std::string content_type = "application/json") {
  http::Request request;
  request.method = "POST";
  if (!content_type.empty()) request.headers = {{"content-type", content_type}};
  request.body = std::move(body);
  return request;
}

unsigned status_of(const http::Request& request) {
  try {
    parse_json_body(request);
    return 200;
  } catch (const Problem& problem) {
    return problem.status;
  }
}

TEST(JsonBody, ReadsAnObject) { EXPECT_EQ(parse_json_body(with_body(R"({"name":"general"})")).at("name"), "general"); }

TEST(JsonBody, TakesTheMediaTypesOfJson) {
  for (const char* type :
       {"application/json", "application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"}) {
    EXPECT_EQ(status_of(with_body("{}", type)), 200u) << type;
  }
  for (const char* type :
       {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=application/json"}) {
    EXPECT_EQ(status_of(with_body("{}", type)), 415u) << type << ": what another site's page can send";
  }
}

TEST(JsonBody, RefusesWhatIsNoJson) {
  for (const char* body : {"", "{", "{\"a\":}", "{} {}", "nope", "\"\xff\""}) {
    EXPECT_EQ(status_of(with_body(body)), 400u) << body;
  }
  EXPECT_EQ(status_of(with_body(std::string(100'000, '['))), 400u) << "nested beyond reason";
}

TEST(JsonBody, RefusesJsonThatIsNoObject) {
  for (const char* body : {"[]", "null", "1", "\"a\""}) EXPECT_EQ(status_of(with_body(body)), 422u) << body;
}

}  // namespace
}  // namespace atrium::web
