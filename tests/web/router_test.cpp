#include "web/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json.hpp>

#include "tests/support/event_queue.h"
#include "tests/support/http_server.h"
#include "web/json_body.h"
#include "web/sse_stream.h"

namespace atrium::web {
namespace {

using test::FunctionHandler;
using test::HttpServer;
using ::testing::HasSubstr;

Router::RouteHandler text(std::string body) {
  return [body](Context&) -> Task<http::Response> { co_return http::Response{.status = 200, .headers = {}, .body = body}; };
}

/// A table of routes behind a server, fixed before the first request.
class RouterTest : public ::testing::Test {
 protected:
  test::HttpAnswer ask(std::string_view method, std::string_view target, std::string_view headers = {}) {
    if (!server) server.emplace(router());
    auto client = server->connect();
    return client.ask(method, target, headers);
  }
  boost::json::object problem_of(const test::HttpAnswer& answer) {
    EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
    return boost::json::parse(answer.body).as_object();
  }
  Router& router() {
    if (!router_) router_.emplace(options);
    return *router_;
  }

  RouterOptions options;

 private:
  std::optional<Router> router_;

 protected:
  std::optional<HttpServer> server;
};

TEST_F(RouterTest, AnswersByMethodAndPath) {
  router().add("GET", "/channels", text("list"));
  router().add("POST", "/channels", text("create"));
  router().add("GET", "/", text("root"));
  EXPECT_EQ(ask("GET", "/channels").body, "list");
  EXPECT_EQ(ask("GET", "/channels/?limit=3").body, "list") << "one slash at the end makes no difference";
  EXPECT_EQ(ask("POST", "/channels").body, "create");
  EXPECT_EQ(ask("GET", "/").body, "root");
}

TEST_F(RouterTest, GivesTheHandlerWhatThePathAndTheQueryHold) {
  router().add("GET", "/channels/:channelId/members/:userId", [](Context& context) -> Task<http::Response> {
    co_return http::Response{.status = 200,
                             .headers = {},
                             .body = context.param("channelId") + "|" + context.param("userId") + "|" +
                                     std::string(context.query("limit").value_or("none"))};
  });
  EXPECT_EQ(ask("GET", "/channels/general/members/auth0%7C12%2F3?limit=5").body, "general|auth0|12/3|5");
  EXPECT_EQ(ask("GET", "/channels/general/members/").status, 404) << "a name takes a segment, not nothing";
  EXPECT_EQ(ask("GET", "/channels//members/a").status, 404);
}

TEST_F(RouterTest, PrefersALiteralToAName) {
  router().add("GET", "/users/:id", text("one"));
  router().add("GET", "/users/me", text("me"));
  router().add("GET", "/users/me/:what", text("mine"));
  router().add("GET", "/users/:id/sessions", text("sessions"));
  EXPECT_EQ(ask("GET", "/users/me").body, "me");
  EXPECT_EQ(ask("GET", "/users/you").body, "one");
  EXPECT_EQ(ask("GET", "/users/me/sessions").body, "mine");
  EXPECT_EQ(ask("GET", "/users/you/sessions").body, "sessions");
}

TEST_F(RouterTest, RefusesTwoRoutesForTheSamePaths) {
  router().add("GET", "/channels/:id/messages", text(""));
  router().add("POST", "/channels/:channelId/messages", text(""));
  try {
    router().add("GET", "/channels/:channelId/messages", text(""));
    FAIL() << "nothing was thrown";
  } catch (const std::logic_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("'GET /channels/:id/messages'"));
    EXPECT_THAT(error.what(), HasSubstr("'GET /channels/:channelId/messages'"));
  }
  EXPECT_THROW(router().add("GET", "channels", text("")), std::logic_error);
}

TEST_F(RouterTest, AnswersAtEachPrefix) {
  options.prefixes = {"/api/v1", ""};
  router().add("GET", "/channels/:id", text("channel"));
  EXPECT_EQ(ask("GET", "/api/v1/channels/general").body, "channel");
  EXPECT_EQ(ask("GET", "/channels/general").body, "channel");
  EXPECT_EQ(ask("GET", "/api/v1channels/general").status, 404);
  EXPECT_EQ(ask("GET", "/api/v1/api/v1/channels/general").status, 404);
}

TEST_F(RouterTest, AnswersHeadAsGetWithoutTheBody) {
  router().add("GET", "/a", text("hello"));
  const auto answer = ask("HEAD", "/a");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-length"), "5");
}

TEST_F(RouterTest, TellsWhichMethodsAPathHas) {
  router().add("GET", "/channels/:id", text(""));
  router().add("DELETE", "/channels/:id", text(""));
  const auto refused = ask("PUT", "/channels/general");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.headers.at("allow"), "GET, HEAD, DELETE, OPTIONS");
  EXPECT_EQ(problem_of(refused).at("code"), "METHOD_NOT_ALLOWED");
  const auto asked = ask("OPTIONS", "/channels/general");
  EXPECT_EQ(asked.status, 204);
  EXPECT_EQ(asked.headers.at("allow"), "GET, HEAD, DELETE, OPTIONS");
}

TEST_F(RouterTest, AnswersAnUnknownPathWithAProblem) {
  const auto answer = ask("GET", "/nowhere?a=b");
  EXPECT_EQ(answer.status, 404);
  const auto problem = problem_of(answer);
  EXPECT_EQ(problem.at("code"), "NOT_FOUND");
  EXPECT_EQ(problem.at("instance"), "/nowhere");
  EXPECT_EQ(problem.at("requestId").as_string(), answer.headers.at("x-request-id"));
}

TEST_F(RouterTest, AsksTheFallbackForPagesButNotForWhatIsBelowAPrefix) {
  FunctionHandler pages([](const std::shared_ptr<http::Exchange>& exchange) {
    exchange->respond({.status = 200, .headers = {}, .body = "page"});
  });
  options = {.prefixes = {"/api/v1", ""}, .allowed_origins = {}, .fallback = &pages};
  router().add("GET", "/channels", text("list"));
  EXPECT_EQ(ask("GET", "/").body, "page");
  EXPECT_EQ(ask("GET", "/sign-in").body, "page");
  EXPECT_EQ(ask("GET", "/channels").body, "list");
  EXPECT_EQ(ask("GET", "/api/v1/nowhere").status, 404);
  EXPECT_EQ(ask("POST", "/sign-in").status, 404);
  EXPECT_EQ(ask("PUT", "/channels").status, 405);
}

TEST_F(RouterTest, AnswersWithTheProblemThatAHandlerThrows) {
  router().add("GET", "/a", [](Context&) -> Task<http::Response> {
    throw Problem(403, "NOT_CHANNEL_MEMBER", "You are no member of #general.");
    co_return http::Response{};
  });
  const auto answer = ask("GET", "/a");
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(problem_of(answer).at("detail"), "You are no member of #general.");
}

TEST_F(RouterTest, LeaksNothingOfAnExceptionButTheIdToFindItBy) {
  router().add("GET", "/a", [](Context&) -> Task<http::Response> {
    throw std::runtime_error("password of the database: hunter2");
    co_return http::Response{};
  });
  router().add("GET", "/b", [](Context&) -> Task<http::Response> {
    throw 42;
    co_return http::Response{};
  });
  for (const char* path : {"/a", "/b"}) {
    const auto answer = ask("GET", path, "X-Request-Id: abc-1\r\n");
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.body.find("hunter2"), std::string::npos);
    EXPECT_EQ(problem_of(answer).at("code"), "INTERNAL_ERROR");
    EXPECT_EQ(problem_of(answer).at("requestId"), "abc-1");
  }
}

TEST_F(RouterTest, KeepsThePeersRequestIdWhereItIsHarmless) {
  router().add("GET", "/a", [](Context& context) -> Task<http::Response> {
    co_return http::Response{.status = 200, .headers = {}, .body = context.request_id()};
  });
  const auto kept = ask("GET", "/a", "X-Request-Id: 6f1c.A_b-9\r\n");
  EXPECT_EQ(kept.body, "6f1c.A_b-9");
  EXPECT_EQ(kept.headers.at("x-request-id"), "6f1c.A_b-9");
  const auto replaced = ask("GET", "/a", "X-Request-Id: a b\"c\r\n");
  EXPECT_EQ(replaced.body.size(), 20u);
  EXPECT_EQ(ask("GET", "/a", "X-Request-Id: " + std::string(65, 'a') + "\r\n").body.size(), 20u);
  EXPECT_NE(ask("GET", "/a").body, ask("GET", "/a").body);
}

/// Something that a handler waits for.
struct Gate {
  std::coroutine_handle<> waiting;
  test::EventQueue events;

  auto wait() {
    struct Awaiter {
      Gate& gate;
      bool await_ready() { return false; }
      void await_suspend(std::coroutine_handle<> handler) {
        gate.waiting = handler;
        gate.events.push("waiting");
      }
      void await_resume() {}
    };
    return Awaiter{*this};
  }
};

TEST_F(RouterTest, LetsAHandlerWait) {
  Gate gate;
  router().add("GET", "/slow/:id", [&gate](Context& context) -> Task<http::Response> {
    co_await gate.wait();
    co_return http::Response{.status = 200, .headers = {}, .body = context.param("id")};
  });
  server.emplace(router());
  auto client = server->connect();
  client.send("GET /slow/1 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(gate.events.next(), "waiting");
  server->shards().on(0, [&] { gate.waiting.resume(); });
  EXPECT_EQ(client.read_answer().body, "1");
}

TEST_F(RouterTest, LetsAHandlerEndThoughThePeerHasGone) {
  Gate gate;
  router().add("GET", "/slow", [&gate](Context&) -> Task<http::Response> {
    co_await gate.wait();
    gate.events.push("ended");
    co_return http::Response{};
  });
  server.emplace(router());
  auto client = server->connect();
  client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(gate.events.next(), "waiting");
  client.close();
  while (server->shards().on(0, [&] { return server->shards()[0].connection_count(); }) > 0) server->shards().settle();
  server->shards().on(0, [&] { gate.waiting.resume(); });
  EXPECT_EQ(gate.events.next(), "ended");
}

TEST_F(RouterTest, LetsAStreamGoOnAfterItsHandlerHasEnded) {
  std::unique_ptr<SseStream> stream;
  router().add_stream("/live", [&stream](Context& context) -> Task<void> {
    stream = std::make_unique<SseStream>(context.exchange(), context.common_headers());
    stream->send("first", "1");
    co_return;
  });
  server.emplace(router());
  auto client = server->connect();
  client.send("GET /live HTTP/1.1\r\nHost: a\r\nX-Request-Id: r1\r\n\r\n");
  EXPECT_EQ(client.read_head().headers.at("x-request-id"), "r1");
  EXPECT_EQ(client.read_chunk(), "retry: 3000\n\n");
  EXPECT_EQ(client.read_chunk(), "event: first\ndata: 1\n\n");
  server->shards().on(0, [&] { stream->send("second", "2"); });
  EXPECT_EQ(client.read_chunk(), "event: second\ndata: 2\n\n");
  server->shards().on(0, [&] { stream.reset(); });
  EXPECT_EQ(client.read_chunk(), "");
}

TEST_F(RouterTest, ExplainsTheExceptionsOfTheFloorsBelow) {
  options.explain = [](const std::exception& error) -> std::optional<Problem> {
    if (dynamic_cast<const std::out_of_range*>(&error)) return Problem(503, "UNAVAILABLE");
    return std::nullopt;
  };
  router().add("GET", "/known", [](Context&) -> Task<http::Response> {
    throw std::out_of_range("known");
    co_return http::Response();
  });
  router().add("GET", "/unknown", [](Context&) -> Task<http::Response> {
    throw std::runtime_error("unknown");
    co_return http::Response();
  });
  router().add_stream("/live", [](Context&) -> Task<void> {
    throw std::out_of_range("known");
    co_return;
  });
  EXPECT_EQ(problem_of(ask("GET", "/known")).at("code"), "UNAVAILABLE");
  EXPECT_EQ(ask("GET", "/unknown").status, 500);
  EXPECT_EQ(ask("GET", "/live").status, 503);
}

TEST_F(RouterTest, AnswersAProblemOfAStreamThatHasNotBegun) {
  router().add_stream("/live", [](Context&) -> Task<void> {
    throw Problem(401, "UNAUTHORIZED");
    co_return;
  });
  const auto answer = ask("GET", "/live");
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.headers.at("www-authenticate"), "Bearer");
}

TEST_F(RouterTest, EndsAStreamWhoseHandlerFails) {
  router().add_stream("/live", [](Context& context) -> Task<void> {
    context.exchange()->start_stream({.status = 200, .headers = {}, .body = {}});
    context.exchange()->write_stream("begun");
    throw std::runtime_error("failed on the way");
    co_return;
  });
  EXPECT_EQ(ask("GET", "/live").body, "begun");
}

TEST_F(RouterTest, LetsNoOtherSiteReadAnswersUnlessItIsListed) {
  router().add("GET", "/a", text("hello"));
  const auto answer = ask("GET", "/a", "Origin: https://other.example\r\n");
  EXPECT_FALSE(answer.headers.contains("access-control-allow-origin"));
}

TEST_F(RouterTest, LetsListedSitesReadAnswersAndProblems) {
  options.allowed_origins = {"https://app.example"};
  router().add("GET", "/a", text("hello"));
  for (const char* path : {"/a", "/nowhere"}) {
    const auto answer = ask("GET", path, "Origin: https://app.example\r\n");
    EXPECT_EQ(answer.headers.at("access-control-allow-origin"), "https://app.example");
    EXPECT_EQ(answer.headers.at("access-control-allow-credentials"), "true");
    EXPECT_EQ(answer.headers.at("vary"), "Origin");
  }
  const auto other = ask("GET", "/a", "Origin: https://app.example.evil\r\n");
  EXPECT_FALSE(other.headers.contains("access-control-allow-origin"));
  EXPECT_EQ(other.headers.at("vary"), "Origin");
}

TEST_F(RouterTest, AnswersAPreflight) {
  options.allowed_origins = {"https://app.example"};
  router().add("PATCH", "/messages/:id", text(""));
  const auto answer = ask("OPTIONS", "/messages/1",
                          "Origin: https://app.example\r\nAccess-Control-Request-Method: PATCH\r\n"
                          "Access-Control-Request-Headers: authorization\r\n");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.headers.at("access-control-allow-origin"), "https://app.example");
  EXPECT_EQ(answer.headers.at("access-control-allow-methods"), "PATCH, OPTIONS");
  EXPECT_THAT(answer.headers.at("access-control-allow-headers"), HasSubstr("Authorization"));
}

TEST_F(RouterTest, LetsAnySiteReadAnswersOfAStarButSendNoCookies) {
  options.allowed_origins = {"*"};
  router().add("GET", "/a", text("hello"));
  const auto answer = ask("GET", "/a", "Origin: https://any.example\r\n");
  EXPECT_EQ(answer.headers.at("access-control-allow-origin"), "*");
  EXPECT_FALSE(answer.headers.contains("access-control-allow-credentials"));
}

TEST(Context, NamesTheParameterThatAPatternLacks) {
  const Context context(nullptr, {{"id", "1"}}, "r", {});
  EXPECT_EQ(context.param("id"), "1");
  EXPECT_THROW(context.param("channelId"), std::logic_error);
}

}  // namespace
}  // namespace atrium::web
