#include "engineio/engine.h"

#include <gtest/gtest.h>

#include "base/random_id.h"
#include "tests/support/engine_server.h"

namespace atrium::engineio {
namespace {

using test::EngineServer;
using test::WebSocketClient;

std::string problem(int code, const std::string& words) {
  return R"({"code":)" + std::to_string(code) + R"(,"message":")" + words + "\"}";
}

TEST(Engine, OpensASessionInTheOrderThatClientsKnow) {
  EngineServer server;
  auto client = server.connect();
  const auto answer = client.get(EngineServer::kPolling);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-type"), "text/plain; charset=UTF-8");
  EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
  const std::string sid = EngineServer::sid_of(answer.body);
  EXPECT_EQ(answer.body, R"(0{"sid":")" + sid +
                             R"(","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000})");
  EXPECT_EQ(sid.size(), 20u);
  EXPECT_EQ(server.events.next(), "open 0");
}

TEST(Engine, OffersNoUpgradeToAWebSocket) {
  EngineServer server;
  auto client = server.open_websocket();
  const std::string open = client.read_text();
  EXPECT_EQ(open, R"(0{"sid":")" + EngineServer::sid_of(open) +
                      R"(","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000})");
}

TEST(Engine, KeepsTheRequestThatBeganASession) {
  EngineServer server;
  auto client = server.connect();
  client.get(EngineServer::kPolling, "User-Agent: tester\r\nCookie: a=b; access_token=t\r\n");
  server.on_session([](Session& session) {
    EXPECT_EQ(session.handshake().url(), EngineServer::kPolling);
    EXPECT_EQ(session.handshake().address(), "127.0.0.1");
    EXPECT_EQ(session.handshake().header("user-agent"), "tester");
    EXPECT_EQ(session.handshake().header("x-none"), std::nullopt);
    EXPECT_EQ(session.handshake().cookie("access_token"), "t");
  });
}

TEST(Engine, RefusesWithTheFirstOfSeveralReasons) {
  EngineServer server;
  auto client = server.connect();
  const auto refusal = [&](const std::string& method, const std::string& query, const std::string& headers = {}) {
    const auto answer = client.ask(method, "/engine.io/?" + query, headers);
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.headers.at("content-type"), "application/json");
    return answer.body;
  };
  EXPECT_EQ(refusal("GET", ""), problem(0, "Transport unknown"));
  EXPECT_EQ(refusal("POST", "EIO=3&transport=tunnel&sid=x"), problem(0, "Transport unknown"));
  EXPECT_EQ(refusal("GET", "EIO=4&transport=polling&sid=x"), problem(1, "Session ID unknown"));
  EXPECT_EQ(refusal("POST", "EIO=3&transport=polling"), problem(2, "Bad handshake method"));
  EXPECT_EQ(refusal("GET", "EIO=4&transport=websocket"), problem(3, "Bad request"));
  EXPECT_EQ(refusal("GET", "EIO=3&transport=polling"), problem(5, "Unsupported protocol version"));
  EXPECT_EQ(refusal("GET", "transport=polling"), problem(5, "Unsupported protocol version"));
  EXPECT_TRUE(server.events.empty()) << "no session was begun";
}

TEST(Engine, KnowsNoSessionThatItDidNotOpen) {
  EngineServer server({}, 2);
  // A shard that there is, one that there is not, and what is no id at all.
  const std::vector<std::string> ids{random_id(0), random_id(1), random_id(2), random_id(255), std::string(20, '!'), ""};
  for (const std::string& sid : ids) {
    auto client = server.connect();
    EXPECT_EQ(client.get(EngineServer::polling(sid)).body, problem(1, "Session ID unknown")) << sid;
  }
}

TEST(Engine, RefusesAWebSocketInWordsThatItsClientCanRead) {
  EngineServer server;
  const auto refusal = [&](std::string request) {
    auto client = server.connect();
    client.send(request);
    const auto answer = client.read_answer();
    EXPECT_EQ(answer.status, 400);
    EXPECT_TRUE(client.ended());
    return answer.body;
  };
  EXPECT_EQ(refusal(WebSocketClient::request("/engine.io/?EIO=4&transport=polling")), "Bad request");
  EXPECT_EQ(refusal(WebSocketClient::request("/engine.io/?EIO=3&transport=websocket")), "Unsupported protocol version");
  EXPECT_EQ(refusal(WebSocketClient::request(EngineServer::websocket(random_id(0)))), "Session ID unknown");
  std::string request = WebSocketClient::request(EngineServer::kWebSocket);
  EXPECT_EQ(refusal(request.replace(request.find("Version: 13"), 11, "Version: 12")), "Bad request");
  request = WebSocketClient::request(EngineServer::kWebSocket);
  EXPECT_EQ(refusal(request.replace(request.find("dGhlIHNhbXBsZSBub25jZQ=="), 24, "dG9vIHNob3J0")), "Bad request");
}

TEST(Engine, ServesOnlyTheTransportsItIsToServe) {
  EngineServer no_polling({.polling = false});
  EXPECT_EQ(no_polling.connect().get(EngineServer::kPolling).body, problem(0, "Transport unknown"));
  EngineServer no_websocket({.websocket = false});
  auto client = no_websocket.connect();
  EXPECT_NE(client.get(EngineServer::kPolling).body.find(R"("upgrades":[])"), std::string::npos);
  client.send(WebSocketClient::request(EngineServer::kWebSocket));
  EXPECT_EQ(client.read_answer().body, "Transport unknown");
}

TEST(Engine, OpensNoMoreSessionsThanItMay) {
  EngineServer server({.max_sessions = 2});
  auto client = server.connect();
  server.open_polling(client);
  server.open_polling(client);
  const auto answer = client.get(EngineServer::kPolling);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.headers.at("retry-after"), "5");
  server.on_session([](Session& session) { session.close(); });
  server.advance(Session::kLinger);
  auto later = server.connect();
  EXPECT_EQ(later.get(EngineServer::kPolling).status, 200) << "there is room again";
}

TEST(Engine, BringsARequestToTheShardOfItsSession) {
  EngineServer server({}, 3);
  auto first = server.connect();  // connections are dealt out: shard 0, 1, 2, 0, ...
  auto second = server.connect();
  auto third = server.connect();
  first.get(EngineServer::kPolling);
  EXPECT_EQ(server.events.next(), "open 0");
  const std::string sid = server.open_polling(second);
  EXPECT_EQ(server.events.next(), "open 1");
  EXPECT_EQ(third.ask("POST", EngineServer::polling(sid), {}, "4from the third").body, "ok");
  EXPECT_EQ(server.events.next(), "text from the third");
  server.send("to anybody who asks", 1);
  EXPECT_EQ(first.get(EngineServer::polling(sid)).body, "4to anybody who asks");
  for (int i = 0; i < 10; ++i) {
    server.send(std::to_string(i), 1);
    auto& client = i % 2 ? first : third;
    EXPECT_EQ(client.get(EngineServer::polling(sid)).body, "4" + std::to_string(i)) << "the connection stays in use";
  }
  EXPECT_EQ(server.session_count(1), 1u);
}

TEST(Engine, ParksAGetThatCameFromAnotherShard) {
  EngineServer server({}, 2);
  auto first = server.connect();
  auto second = server.connect();
  const std::string sid = server.open_polling(first);
  second.send("GET " + EngineServer::polling(sid) + " HTTP/1.1\r\nHost: a\r\n\r\n");
  server.await_parked();
  server.send("now");
  EXPECT_EQ(second.read_answer().body, "4now");
}

TEST(Engine, ShutsDownTheSessionsOfOneShardAtATime) {
  EngineServer server({}, 2);
  auto first = server.open_websocket();
  auto second = server.open_websocket();
  first.read_text();
  second.read_text();
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(server.events.next().starts_with("open"));
  server.shards().on(1, [&] { server.engine().shut_down(server.shards()[1]); });
  EXPECT_TRUE(second.ended());
  EXPECT_EQ(server.events.next(), "close server shutting down");
  EXPECT_EQ(server.session_count(0), 1u);
  EXPECT_EQ(server.session_count(1), 0u);
}

}  // namespace
}  // namespace atrium::engineio
