// Options::allow_request: an application that judges handshakes.
#include <gmock/gmock.h>

#include <stdexcept>

#include "tests/engineio/upgrade_request.h"

namespace atrium::engineio {
namespace {

using test::EngineServer;

TEST(AllowRequest, RefusesAHandshakeInItsOwnWords) {
  EngineServer server({.allow_request = [](const http::Request& request, const Verdict& verdict) {
    if (request.header("x-let-me")) return verdict({});
    verdict(request.header("x-silent") ? "" : "no \"visitors\"\r\ntoday");
  }});
  auto client = server.connect();
  const auto refused = client.get(EngineServer::kPolling);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.body, R"({"code":4,"message":"no \"visitors\"\r\ntoday"})");
  EXPECT_EQ(client.get(EngineServer::kPolling, "X-Silent: 1\r\n").body, R"({"code":4,"message":"Forbidden"})");
  const auto raw = test::ask_for_websocket(server, EngineServer::kWebSocket);
  EXPECT_EQ(raw.status, 400);
  EXPECT_EQ(raw.body, "no \"visitors\"\r\ntoday");
  EXPECT_TRUE(server.events.empty());
  EXPECT_EQ(client.get(EngineServer::kPolling, "X-Let-Me: 1\r\n").status, 200);
}

TEST(AllowRequest, IsNotAskedAboutWhatFollows) {
  test::EventQueue asked;
  EngineServer server({.allow_request = [&asked](const http::Request&, const Verdict& verdict) {
    asked.push("asked");
    verdict({});
  }});
  auto client = server.connect();
  const std::string sid = server.open_polling(client);
  EXPECT_EQ(asked.next(), "asked");
  EXPECT_EQ(client.ask("POST", EngineServer::polling(sid), {}, "4a").body, "ok");
  EXPECT_EQ(test::ask_for_websocket(server, EngineServer::websocket(sid)).status, 101);
  EXPECT_TRUE(asked.empty());
}

TEST(AllowRequest, ComesAfterTheOriginAndBeforeTheVersion) {
  EngineServer server({.allow_request = [](const http::Request&, const Verdict& verdict) { verdict("by the application"); }});
  auto client = server.connect();
  EXPECT_EQ(client.get(EngineServer::kPolling, "Origin: https://evil.example\r\n").body, R"({"code":4,"message":"Forbidden"})");
  EXPECT_EQ(client.get("/engine.io/?EIO=3&transport=polling").body, R"({"code":4,"message":"by the application"})");
  EXPECT_EQ(client.ask("POST", EngineServer::kPolling).body, R"({"code":2,"message":"Bad handshake method"})");
}

TEST(AllowRequest, ThatThrowsRefuses) {
  EngineServer server({.allow_request = [](const http::Request&, const Verdict&) { throw std::runtime_error("secret"); }});
  const auto answer = server.connect().get(EngineServer::kPolling);
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.body, R"({"code":4,"message":"Forbidden"})");
}

/// An application that takes its time.
class LateVerdictTest : public ::testing::Test {
 protected:
  void decide(std::optional<std::string> refusal) {
    server.shards().on(0, [&] { std::exchange(kept, nullptr)(refusal); });
  }
  test::TcpClient ask(std::string_view request) {
    auto client = server.connect();
    client.send(request);
    EXPECT_EQ(asked.next(), "asked");
    return client;
  }

  static constexpr const char* kRequest = "GET /engine.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\n\r\n";
  Verdict kept;
  test::EventQueue asked;
  EngineServer server{{.allow_request = [this](const http::Request&, Verdict verdict) {
    kept = std::move(verdict);
    asked.push("asked");
  }}};
};

TEST_F(LateVerdictTest, AdmitsLater) {
  auto poller = ask(kRequest);
  decide({});
  EXPECT_EQ(poller.read_answer().status, 200);
  EXPECT_EQ(server.events.next(), "open 0");
  auto socket = ask(test::WebSocketClient::request(EngineServer::kWebSocket));
  decide({});
  EXPECT_EQ(socket.read_head().status, 101);
}

TEST_F(LateVerdictTest, RefusesLater) {
  auto client = ask(kRequest);
  decide("no");
  EXPECT_EQ(client.read_answer().status, 403);
}

TEST_F(LateVerdictTest, IsOfNoUseToAClientThatHasGone) {
  for (const std::optional<std::string>& refusal : {std::optional<std::string>(), std::optional<std::string>("no")}) {
    auto client = ask(kRequest);
    client.close();
    while (server.shards().on(0, [&] { return server.shards()[0].connection_count(); }) > 0) server.shards().settle();
    decide(refusal);
  }
  server.shards().settle();
  EXPECT_TRUE(server.events.empty());
  EXPECT_EQ(server.session_count(), 0u);
}

TEST_F(LateVerdictTest, CountsOnce) {
  auto client = ask(kRequest);
  server.shards().on(0, [&] {
    const Verdict verdict = std::exchange(kept, nullptr);
    verdict({});
    verdict("too late");
    verdict({});
  });
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_EQ(server.session_count(), 1u);
}

}  // namespace
}  // namespace atrium::engineio
