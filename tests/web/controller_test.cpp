#include "web/controller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/http_server.h"
#include "tests/web/library.h"

namespace atrium::web {
namespace {

using test::HttpServer;
using ::testing::HasSubstr;

constexpr std::string_view kJson = "Content-Type: application/json\r\n";

class ControllerTest : public ::testing::Test {
 protected:
  ControllerTest() { library.attach(router); }

  test::HttpAnswer ask(std::string_view method, std::string_view target, std::string_view headers = {},
                       std::string_view body = {}) {
    return server.connect().ask(method, target, headers, body);
  }
  test::HttpAnswer post(std::string_view target, std::string_view body, std::string more_headers = {}) {
    return ask("POST", target, more_headers.append(kJson), body);
  }
  static json::object object_of(const test::HttpAnswer& answer) { return json::parse(answer.body).as_object(); }
  /// "status code field: message" of a problem with a single field.
  static std::string refusal(const test::HttpAnswer& answer) {
    EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
    const json::object problem = object_of(answer);
    std::string told = std::to_string(answer.status) + " " + problem.at("code").as_string().c_str();
    const json::value* errors = problem.if_contains("errors");
    if (!errors) return told;
    const json::value& first = errors->at(0);
    return told + " " + first.at("field").as_string().c_str() + ": " + first.at("message").as_string().c_str();
  }

  Desk desk;
  Library library{desk};
  Router router{{}};
  HttpServer server{router};
};

TEST_F(ControllerTest, AnswersWithWhatAPlainFunctionReturns) {
  const auto answer = ask("GET", "/plain");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-type"), "application/json; charset=utf-8");
  EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
  EXPECT_EQ(answer.body, R"({"number":1})");
  EXPECT_EQ(ask("GET", "/free").body, R"({"path":"/free"})");
  EXPECT_EQ(ask("GET", "/list").body, R"([{"number":1},{"number":2}])");
}

TEST_F(ControllerTest, AnswersWithWhatACoroutineReturns) {
  EXPECT_EQ(ask("GET", "/coroutine").body, R"({"success":true,"data":{"number":7},"message":"Waited"})");
}

TEST_F(ControllerTest, SendsAResponseAsItIs) {
  const auto answer = ask("GET", "/raw");
  EXPECT_EQ(answer.status, 418);
  EXPECT_EQ(answer.headers.at("x-pot"), "tea");
  EXPECT_EQ(answer.body, "short and stout");
}

TEST_F(ControllerTest, TakesAHeaderWhereTheRequestHasIt) {
  EXPECT_EQ(ask("GET", "/header", "X-Reader: ann\r\n").body, R"("ann")");
  EXPECT_EQ(ask("GET", "/header").body, R"("nobody")");
}

TEST_F(ControllerTest, HasNoContentWhereTheHandlerReturnsNothing) {
  const auto answer = ask("PUT", "/quiet/1");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(ask("DELETE", "/quiet/1").status, 202) << "unless the table says otherwise";
  EXPECT_EQ(library.calls, 2);
}

TEST_F(ControllerTest, TurnsAnExceptionInto500WithoutItsWords) {
  for (const char* path : {"/fails", "/fails-late"}) {
    const auto answer = ask("GET", path);
    EXPECT_EQ(refusal(answer), "500 INTERNAL_ERROR") << path;
    EXPECT_THAT(answer.body, ::testing::Not(HasSubstr("secret")));
  }
}

TEST_F(ControllerTest, TurnsAProblemOrTheErrorOfAResultIntoTheAnswer) {
  EXPECT_EQ(refusal(ask("GET", "/refuses")), "409 TOO_LATE");
  EXPECT_EQ(refusal(ask("GET", "/result/bad")), "404 BOOK_NOT_FOUND");
  EXPECT_EQ(ask("GET", "/result/good").body, R"({"number":1})");
}

TEST_F(ControllerTest, ReadsTheBodyAsTheStructThatTheHandlerTakes) {
  const auto answer = post("/notes", R"({"title":"One","text":"first","newer":true})");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, R"({"title":"One","text":"first"})");
}

TEST_F(ControllerTest, NamesTheFieldOfABodyThatIsWrong) {
  EXPECT_EQ(refusal(post("/notes", R"({"title":7})")), "422 VALIDATION_FAILED title: 'title' must be a string.");
  EXPECT_EQ(refusal(post("/notes", R"({"text":"a"})")), "422 VALIDATION_FAILED title: 'title' is missing.");
  EXPECT_EQ(refusal(post("/notes", R"({"title":""})")), "422 VALIDATION_FAILED title: 'title' must not be empty.");
  EXPECT_EQ(library.calls, 0) << "a wrong body does not reach the handler";
}

TEST_F(ControllerTest, RefusesABodyThatIsNoneOrNoJsonObject) {
  EXPECT_EQ(refusal(ask("POST", "/notes")), "415 UNSUPPORTED_MEDIA_TYPE");
  EXPECT_EQ(refusal(ask("POST", "/notes", "Content-Type: text/plain\r\n", R"({"title":"One"})")), "415 UNSUPPORTED_MEDIA_TYPE");
  EXPECT_EQ(refusal(ask("POST", "/notes", kJson)), "400 MALFORMED_JSON");
  EXPECT_EQ(refusal(post("/notes", "{")), "400 MALFORMED_JSON");
  EXPECT_EQ(refusal(post("/notes", "[]")), "422 VALIDATION_FAILED");
  EXPECT_EQ(library.calls, 0);
}

TEST_F(ControllerTest, GivesABodyUncheckedToAHandlerThatTakesAnyJson) {
  EXPECT_EQ(post("/anything", R"({"a":[1,null]})").body, R"({"a":[1,null]})");
}

TEST_F(ControllerTest, AsksTheGuardBeforeTheBodyIsLookedAt) {
  for (const char* body : {"{", "{}", R"({"title":"One"})"}) {
    const auto answer = post("/books/b1/notes", body);
    EXPECT_EQ(refusal(answer), "401 UNAUTHORIZED") << body;
    EXPECT_EQ(answer.headers.at("www-authenticate"), "Bearer");
  }
  EXPECT_EQ(refusal(ask("PATCH", "/books/b1", kJson, "{")), "401 UNAUTHORIZED");
  EXPECT_EQ(refusal(post("/books/lost/notes", "{", "X-Reader: ann\r\n")), "404 BOOK_NOT_FOUND");
  EXPECT_EQ(refusal(post("/books/b1/notes", "{", "X-Reader: ann\r\n")), "400 MALFORMED_JSON");
  EXPECT_EQ(library.calls, 0);
}

TEST_F(ControllerTest, GivesTheHandlerWhatTheProviderMakes) {
  const auto answer = post("/books/b%2F1/notes", R"({"title":"One"})", "X-Reader: ann\r\n");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, R"({"success":true,"data":{"title":"One","text":"b/1 by ann"}})");
  EXPECT_EQ(ask("GET", "/books/b2", "X-Reader: bob\r\n").body, R"({"id":"b2","reader":"bob"})");
}

TEST_F(ControllerTest, MakesEachThingOnceARequest) {
  post("/books/b1/notes", R"({"title":"One"})", "X-Reader: ann\r\n");
  EXPECT_EQ(desk.asked, 1) << "for the book and for the handler";
}

TEST_F(ControllerTest, ReadsTheQueryAsAStruct) {
  EXPECT_EQ(ask("GET", "/pages").body, R"({"limit":null,"before":"-","tags":[]})");
  EXPECT_EQ(ask("GET", "/pages?limit=100&before=7&newest=true&tag=a&tag=b%20c&other=1").body,
            R"({"limit":100,"before":"7","tags":["a","b c"],"newest":true})");
  EXPECT_EQ(ask("GET", "/needed?q=one&q=two").body, R"("one")");
}

TEST_F(ControllerTest, NamesTheFieldOfAQueryThatIsWrong) {
  for (const char* limit : {"0", "101", "many", "-1", "", "1.5", "99999999999999999999"}) {
    EXPECT_EQ(refusal(ask("GET", std::string("/pages?limit=") + limit)),
              "422 VALIDATION_FAILED limit: 'limit' must be a whole number from 1 to 100.")
        << limit;
  }
  EXPECT_EQ(refusal(ask("GET", "/pages?newest=yes")), "422 VALIDATION_FAILED newest: 'newest' must be true or false.");
  EXPECT_EQ(refusal(ask("GET", "/needed")), "422 VALIDATION_FAILED q: 'q' is missing.");
}

TEST_F(ControllerTest, AnswersHeadOptionsAndWrongMethodsAsTheRouterDoes) {
  const auto head = ask("HEAD", "/plain");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-length"), "12");
  const auto refused = ask("POST", "/books/b1");
  EXPECT_EQ(refusal(refused), "405 METHOD_NOT_ALLOWED");
  EXPECT_EQ(refused.headers.at("allow"), "PATCH, GET, HEAD, OPTIONS");
  EXPECT_EQ(ask("OPTIONS", "/quiet/1").headers.at("allow"), "PUT, DELETE, OPTIONS");
}

TEST_F(ControllerTest, BeginsAStreamOnlyOnceNothingWasRefused) {
  EXPECT_EQ(refusal(ask("GET", "/books/b1/live")), "401 UNAUTHORIZED");
  EXPECT_EQ(refusal(ask("GET", "/books/lost/live", "X-Reader: ann\r\n")), "404 BOOK_NOT_FOUND");
  const auto live = ask("GET", "/books/b1/live", "X-Reader: ann\r\nX-Request-Id: r1\r\n");
  EXPECT_EQ(live.headers.at("content-type"), "text/event-stream");
  EXPECT_EQ(live.headers.at("x-request-id"), "r1");
  EXPECT_EQ(live.body, "retry: 3000\n\nevent: book\ndata: b1\n\n");
  EXPECT_EQ(ask("GET", "/bare").body, "bare");
}

}  // namespace
}  // namespace atrium::web
