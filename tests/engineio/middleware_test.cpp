#include "engineio/middleware.h"

#include <gmock/gmock.h>

#include <stdexcept>

#include "engineio/visit.h"
#include "tests/engineio/upgrade_request.h"

namespace atrium::engineio {
namespace {

using test::EngineServer;

Middleware adds(std::string name, std::string value) {
  return [name, value](Visit& visit, const Next& next) {
    visit.set_header(name, value);
    next({});
  };
}

TEST(Middleware, AddsHeadersToEveryAnswer) {
  EngineServer server({.middleware = {adds("X-First", "1"), adds("X-Second", "2")}}, 2);
  auto client = server.connect();
  auto other = server.connect();
  const auto open = client.get(EngineServer::kPolling);
  EXPECT_EQ(open.headers.at("x-first"), "1");
  EXPECT_EQ(open.headers.at("x-second"), "2");
  const std::string sid = EngineServer::sid_of(open.body);
  EXPECT_EQ(other.ask("POST", EngineServer::polling(sid), {}, "4a").headers.at("x-first"), "1") << "on another shard";
  EXPECT_EQ(client.get(EngineServer::polling("none")).headers.at("x-first"), "1");
  EXPECT_EQ(test::ask_for_websocket(server, EngineServer::kWebSocket).headers.at("x-second"), "2");
  EXPECT_EQ(test::ask_for_websocket(server, EngineServer::websocket(sid)).headers.at("x-second"), "2");
}

TEST(Middleware, IsPassedOnceARequestAndInOrder) {
  test::EventQueue passed;
  const auto notes = [&passed](const char* what) {
    return [&passed, what](Visit& visit, const Next& next) {
      passed.push(what + (" " + visit.request().method));
      next({});
    };
  };
  EngineServer server({.middleware = {notes("first"), notes("second")}}, 2);
  auto client = server.connect();
  auto other = server.connect();
  const std::string sid = server.open_polling(client);
  EXPECT_EQ(passed.next(), "first GET");
  EXPECT_EQ(passed.next(), "second GET");
  EXPECT_EQ(other.ask("POST", EngineServer::polling(sid), {}, "4a").body, "ok");
  EXPECT_EQ(passed.next(), "first POST");
  EXPECT_EQ(passed.next(), "second POST");
  EXPECT_TRUE(passed.empty());
}

TEST(Middleware, MayAnswerByItself) {
  const Middleware guard = [](Visit& visit, const Next& next) {
    if (visit.request().header("authorization")) return next({});
    visit.respond({.status = 401, .headers = {{"WWW-Authenticate", "Basic"}}, .body = "who are you"});
  };
  EngineServer server({.middleware = {adds("X-First", "1"), guard}});
  auto client = server.connect();
  const auto refused = client.get(EngineServer::kPolling);
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.body, "who are you");
  EXPECT_EQ(refused.headers.at("www-authenticate"), "Basic");
  EXPECT_EQ(refused.headers.at("x-first"), "1");
  EXPECT_TRUE(server.events.empty());
  EXPECT_EQ(client.get(EngineServer::kPolling, "Authorization: me\r\n").status, 200);
  auto socket = server.connect();
  socket.send(test::WebSocketClient::request(EngineServer::kWebSocket));
  EXPECT_EQ(socket.read_answer().status, 401);
}

TEST(Middleware, ThatFailsMakesABadRequest) {
  test::EventQueue errors;
  EngineEvents events{.connection_error = [&errors](const ConnectionError& error) {
    errors.push(std::string(error.message) + " " + boost::json::serialize(error.context));
  }};
  const Middleware fails = [](Visit& visit, const Next& next) {
    if (visit.request().header("x-throw")) throw std::runtime_error("thrown");
    next("told");
  };
  EngineServer server({.middleware = {fails}, .events = events});
  auto client = server.connect();
  EXPECT_EQ(client.get(EngineServer::kPolling).body, R"({"code":3,"message":"Bad request"})");
  EXPECT_EQ(errors.next(), R"(Bad request {"name":"MIDDLEWARE_FAILURE","error":"told"})");
  EXPECT_EQ(client.get(EngineServer::kPolling, "X-Throw: 1\r\n").status, 400);
  EXPECT_EQ(errors.next(), R"(Bad request {"name":"MIDDLEWARE_FAILURE","error":"thrown"})");
  EXPECT_EQ(test::ask_for_websocket(server, EngineServer::kWebSocket).body, "Bad request");
}

/// A middleware that keeps its requests until it is told to go on.
class LateMiddlewareTest : public ::testing::Test {
 protected:
  void go_on(std::optional<std::string> error = {}) {
    server.shards().on(0, [&] { std::exchange(kept, nullptr)(error); });
  }

  Next kept;
  test::EventQueue asked;
  EngineServer server{{.middleware = {[this](Visit&, Next next) {
                         kept = std::move(next);
                         asked.push("asked");
                       }}}};
};

TEST_F(LateMiddlewareTest, MayGoOnLater) {
  auto client = server.connect();
  client.send(std::string("GET ") + EngineServer::kPolling + " HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(asked.next(), "asked");
  EXPECT_TRUE(server.events.empty());
  go_on();
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_EQ(server.events.next(), "open 0");
}

TEST_F(LateMiddlewareTest, BeginsNoSessionForAClientThatHasGone) {
  auto client = server.connect();
  client.send(std::string("GET ") + EngineServer::kPolling + " HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(asked.next(), "asked");
  client.close();
  while (server.shards().on(0, [&] { return server.shards()[0].connection_count(); }) > 0) server.shards().settle();
  go_on();
  server.shards().settle();
  EXPECT_TRUE(server.events.empty());
  EXPECT_EQ(server.session_count(), 0u);
}

TEST_F(LateMiddlewareTest, GoesOnOnlyOnce) {
  auto client = server.connect();
  client.send(std::string("GET ") + EngineServer::kPolling + " HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(asked.next(), "asked");
  go_on();
  const std::string sid = EngineServer::sid_of(client.read_answer().body);
  EXPECT_EQ(server.events.next(), "open 0");
  client.send("GET " + EngineServer::polling(sid) + " HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(asked.next(), "asked");
  server.shards().on(0, [&] {
    const Next next = std::exchange(kept, nullptr);
    next({});
    next({});
    next("too late");
  });
  server.send("to the one that waits");
  EXPECT_EQ(client.read_answer().body, "4to the one that waits");
  EXPECT_TRUE(server.events.empty());
}

TEST_F(LateMiddlewareTest, ThatForgetsARequestLeavesItAServersError) {
  auto client = server.connect();
  client.send(std::string("GET ") + EngineServer::kPolling + " HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(asked.next(), "asked");
  server.shards().on(0, [&] { kept = nullptr; });
  EXPECT_EQ(client.read_answer().status, 500);
}

}  // namespace
}  // namespace atrium::engineio
