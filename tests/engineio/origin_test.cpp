#include "engineio/origin.h"

#include <gmock/gmock.h>

#include "tests/engineio/upgrade_request.h"

namespace atrium::engineio {
namespace {

using test::EngineServer;

constexpr const char* kForbidden = R"({"code":4,"message":"Forbidden"})";

std::string from(const std::string& origin) { return "Origin: " + origin + "\r\n"; }

TEST(Origin, IsTheSameWhenItsHostIs) {
  EXPECT_TRUE(is_same_origin("http://a.example", "a.example"));
  EXPECT_TRUE(is_same_origin("https://a.example", "a.example")) << "TLS may end before us";
  EXPECT_TRUE(is_same_origin("http://a.example:3000", "a.example:3000"));
  EXPECT_TRUE(is_same_origin("http://[::1]:3000", "[::1]:3000"));
  EXPECT_TRUE(is_same_origin("https://a.example", "A.Example:443"));
  EXPECT_TRUE(is_same_origin("http://a.example", "a.example:80"));
}

TEST(Origin, IsAnotherWhenAnythingElseIs) {
  EXPECT_FALSE(is_same_origin("http://b.example", "a.example"));
  EXPECT_FALSE(is_same_origin("http://a.example.evil", "a.example"));
  EXPECT_FALSE(is_same_origin("http://evil.a.example", "a.example"));
  EXPECT_FALSE(is_same_origin("http://a.example:3001", "a.example:3000"));
  EXPECT_FALSE(is_same_origin("http://a.example", "a.example:443"));
  EXPECT_FALSE(is_same_origin("null", "a.example"));
  EXPECT_FALSE(is_same_origin("null", ""));
  EXPECT_FALSE(is_same_origin("file://", ""));
  EXPECT_FALSE(is_same_origin("", ""));
}

TEST(Origin, IsASchemeAndAHost) {
  for (const char* good : {"http://a", "https://a.example:8080", "null", "file://", "app://[::1]:1"}) {
    EXPECT_TRUE(is_origin(good)) << good;
  }
  for (const char* bad : {"", "a.example", "https://a.example/", "://a", "https://a/b", "https://*.a", "https://a b", "*"}) {
    EXPECT_FALSE(is_origin(bad)) << bad;
  }
}

TEST(Origin, OfThePageItselfMayEnter) {
  EngineServer server;
  EXPECT_EQ(server.connect().get(EngineServer::kPolling, from("http://localhost")).status, 200);
  EXPECT_EQ(test::ask_for_websocket(server, EngineServer::kWebSocket, from("https://localhost")).status, 101);
}

TEST(Origin, OfAnotherSiteMayNotEnter) {
  EngineServer server;
  const auto answer = server.connect().get(EngineServer::kPolling, from("https://evil.example"));
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.body, kForbidden);
  for (const char* origin : {"https://evil.example", "null", "http://localhost:81"}) {
    const auto refused = test::ask_for_websocket(server, EngineServer::kWebSocket, from(origin));
    EXPECT_EQ(refused.status, 400) << origin;
    EXPECT_EQ(refused.body, "Forbidden") << origin;
  }
  EXPECT_TRUE(server.events.empty());
}

TEST(Origin, OfNoBrowserMayEnter) {
  EngineServer server({.allowed_origins = std::vector<std::string>{}});
  EXPECT_EQ(server.connect().get(EngineServer::kPolling).status, 200);
  EXPECT_EQ(test::ask_for_websocket(server, EngineServer::kWebSocket).status, 101);
}

TEST(Origin, IsHeldToTheUpgradeToo) {
  EngineServer server({}, 2);
  auto client = server.connect();
  const std::string sid = server.open_polling(client);
  EXPECT_EQ(server.events.next(), "open 0");
  for (int shard = 0; shard < 2; ++shard) {
    const auto refused = test::ask_for_websocket(server, EngineServer::websocket(sid), from("https://evil.example"));
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(refused.body, "Forbidden");
  }
  server.send("still polling");
  EXPECT_EQ(client.get(EngineServer::polling(sid)).body, "4still polling");
  EXPECT_EQ(test::ask_for_websocket(server, EngineServer::websocket(sid), from("http://localhost")).status, 101);
}

TEST(Origin, ThatCorsAllowsMayEnter) {
  EngineServer server({.cors = Cors{.origins = {"https://a.example"}}});
  EXPECT_EQ(test::ask_for_websocket(server, EngineServer::kWebSocket, from("https://a.example")).status, 101);
  EXPECT_EQ(test::ask_for_websocket(server, EngineServer::kWebSocket, from("http://localhost")).status, 101);
  EXPECT_EQ(test::ask_for_websocket(server, EngineServer::kWebSocket, from("https://b.example")).status, 400);
  EngineServer any({.cors = Cors{}});
  EXPECT_EQ(test::ask_for_websocket(any, EngineServer::kWebSocket, from("https://b.example")).status, 101);
}

TEST(Origin, OfAListMayEnterAndNoOther) {
  EngineServer server({.cors = Cors{}, .allowed_origins = std::vector<std::string>{"https://a.example"}});
  EXPECT_EQ(test::ask_for_websocket(server, EngineServer::kWebSocket, from("https://a.example")).status, 101);
  EXPECT_EQ(test::ask_for_websocket(server, EngineServer::kWebSocket, from("https://b.example")).status, 400);
  EXPECT_EQ(test::ask_for_websocket(server, EngineServer::kWebSocket, from("http://localhost")).status, 400);
  EngineServer any({.allowed_origins = std::vector<std::string>{"*"}});
  EXPECT_EQ(test::ask_for_websocket(any, EngineServer::kWebSocket, from("https://b.example")).status, 101);
}

}  // namespace
}  // namespace atrium::engineio
