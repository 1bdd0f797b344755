// Options::generate_id: session ids of the application's own.
#include <gmock/gmock.h>

#include <stdexcept>

#include "tests/engineio/upgrade_request.h"

namespace atrium::engineio {
namespace {

using test::EngineServer;

Options ids_from_header() {
  return {.generate_id = [](const http::Request& request) {
    if (!request.header("x-id")) throw std::runtime_error("no id");
    return std::string(*request.header("x-id"));
  }};
}

std::string id_header(const std::string& id) { return "X-Id: " + id + "\r\n"; }

TEST(GenerateId, NamesASession) {
  EngineServer server(ids_from_header());
  auto client = server.connect();
  EXPECT_EQ(EngineServer::sid_of(client.get(EngineServer::kPolling, id_header("my-id")).body), "my-id");
  EXPECT_EQ(server.events.next(), "open 0");
  EXPECT_EQ(client.ask("POST", EngineServer::polling("my-id"), {}, "4hello").body, "ok");
  EXPECT_EQ(server.events.next(), "text hello");
  EXPECT_EQ(client.get(EngineServer::polling("other")).body, R"({"code":1,"message":"Session ID unknown"})");
}

TEST(GenerateId, IsFoundFromEveryShard) {
  EngineServer server(ids_from_header(), 4);
  for (int i = 0; i < 16; ++i) {
    const std::string id = "session " + std::to_string(i);
    const std::string escaped = "session%20" + std::to_string(i);
    auto client = server.connect();
    EXPECT_EQ(EngineServer::sid_of(client.get(EngineServer::kPolling, id_header(id)).body), id);
    EXPECT_TRUE(server.events.next().starts_with("open"));
    EXPECT_EQ(client.ask("POST", EngineServer::polling(escaped), {}, "4same connection").body, "ok");
    EXPECT_EQ(server.events.next(), "text same connection");
    auto other = server.connect();
    EXPECT_EQ(other.ask("POST", EngineServer::polling(escaped), {}, "4other connection").body, "ok");
    EXPECT_EQ(server.events.next(), "text other connection");
    test::WebSocketClient socket(server.connect(), EngineServer::websocket(escaped));
    socket.text("2probe");
    EXPECT_EQ(socket.read_text(), "3probe");
  }
}

TEST(GenerateId, NamesAWebSocketOnWhateverShard) {
  EngineServer server(ids_from_header(), 4);
  std::vector<test::TcpClient> clients;
  for (int i = 0; i < 8; ++i) {
    auto& client = clients.emplace_back(server.connect());
    client.send(test::upgrade_request(EngineServer::kWebSocket, id_header(std::to_string(i))));
    EXPECT_EQ(client.read_head().status, 101);
    EXPECT_TRUE(server.events.next().starts_with("open"));
  }
}

TEST(GenerateId, ThatFailsRefusesTheHandshake) {
  EngineServer server(ids_from_header());
  auto client = server.connect();
  constexpr const char* kBadRequest = R"({"code":3,"message":"Bad request"})";
  EXPECT_EQ(client.get(EngineServer::kPolling).body, kBadRequest) << "it throws";
  EXPECT_EQ(client.get(EngineServer::kPolling, "X-Id:\r\n").body, kBadRequest) << "it is empty";
  EXPECT_EQ(client.get(EngineServer::kPolling, id_header("a")).status, 200);
  EXPECT_EQ(client.get(EngineServer::kPolling, id_header("a")).body, kBadRequest) << "it is in use";
  EXPECT_EQ(server.session_count(), 1u);
}

}  // namespace
}  // namespace atrium::engineio
