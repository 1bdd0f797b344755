// Clients of Socket.IO 2 (Engine.IO 3), as they stand on the wire.
#include <gmock/gmock.h>

#include "tests/support/handler_server.h"

namespace atrium::socketio {
namespace {

using test::EventQueue;
using test::HandlerServer;
using test::WebSocketClient;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class OldClientTest : public ::testing::Test {
 protected:
  explicit OldClientTest(ServerOptions options = {.shards = 2, .allow_eio3 = true}) : server(std::move(options)) {
    server.nsp.on_connection([this](Socket& socket) { events.push(socket.id() + " " + json::serialize(socket.auth())); });
  }
  WebSocketClient connect() {
    server.start();
    WebSocketClient client(server.server().tcp(), "/socket.io/?EIO=3&transport=websocket");
    session = json::parse(client.read_text().substr(1)).at("sid").as_string();
    return client;
  }
  /// The next packet that is no pong.
  static std::string ask(WebSocketClient& client, const std::string& packet) {
    client.text(packet);
    return client.read_text();
  }

  HandlerServer server;
  EventQueue& events = server.events();
  std::string session;
};

TEST_F(OldClientTest, IsInTheMainNamespaceWithoutAskingForIt) {
  server.nsp.on("x", [](int a) { return a + 1; });
  auto client = connect();
  EXPECT_EQ(client.read_text(), "40") << "without a payload";
  EXPECT_EQ(events.next(), session + " {}") << "its id is that of the session";
  EXPECT_EQ(ask(client, R"(421["x",1])"), "431[2]");
  EXPECT_EQ(ask(client, "2"), "3") << "it is the client that pings";
}

TEST_F(OldClientTest, HearsWhatOthersHear) {
  auto old_client = connect();
  EXPECT_EQ(old_client.read_text(), "40");
  auto client = server.join();
  server.nsp.emit("x", 1);
  EXPECT_EQ(old_client.read_text(), R"(42["x",1])");
  EXPECT_EQ(client.next(), R"(2["x",1])");
  server.nsp.to(session).emit("y");
  EXPECT_EQ(old_client.read_text(), R"(42["y"])");
}

TEST_F(OldClientTest, JoinsOthersByNameAndQuery) {
  Namespace& chat = server.io().of("/chat");
  chat.on_connection([this](Socket& socket) { events.push(socket.id() + " " + json::serialize(socket.auth())); });
  chat.on("who", [](Socket& socket) { return socket.nsp(); });
  auto client = connect();
  EXPECT_EQ(client.read_text(), "40");
  events.next();
  EXPECT_EQ(ask(client, "40/chat?token=a%20b&x=1"), "40/chat,");
  EXPECT_EQ(events.next(), "/chat#" + session + R"( {"token":"a b","x":"1"})");
  EXPECT_EQ(ask(client, R"(42/chat,1["who"])"), R"(43/chat,1["/chat"])");
  EXPECT_EQ(ask(client, "40/nowhere"), R"(44/nowhere,{"message":"Invalid namespace"})");
}

TEST_F(OldClientTest, IsToldInItsWayThatItIsRefused) {
  server.io().of("/words").use([](Socket&, const Next& next) { next(ConnectError{.message = "no entry"}); });
  server.io().of("/data").use([](Socket&, const Next& next) {
    next(ConnectError{.message = "no entry", .data = json::object{{"code", 7}}});
  });
  auto client = connect();
  EXPECT_EQ(client.read_text(), "40");
  EXPECT_EQ(ask(client, "40/words,"), R"(44/words,"no entry")");
  EXPECT_EQ(ask(client, "40/data,"), R"(44/data,{"code":7})");
}

TEST_F(OldClientTest, CarriesOctets) {
  server.nsp.on("mirror", [](const Bytes& octets) { return octets; });
  auto client = connect();
  EXPECT_EQ(client.read_text(), "40");
  client.text(R"(451-1["mirror",{"_placeholder":true,"num":0}])");
  client.binary(std::string("\x04") + "\x01\xff");
  EXPECT_EQ(client.read_text(), R"(461-1[{"_placeholder":true,"num":0}])");
  EXPECT_EQ(client.read_binary(), std::string("\x04") + "\x01\xff");
}

TEST_F(OldClientTest, LeavesAndIsDisconnected) {
  server.nsp.on_disconnect([this](Socket&, DisconnectReason reason) { events.push(std::string(to_string(reason))); });
  auto client = connect();
  EXPECT_EQ(client.read_text(), "40");
  events.next();
  server.nsp.disconnect_sockets();
  EXPECT_EQ(client.read_text(), "41");
  EXPECT_EQ(events.next(), "server namespace disconnect");
}

class OldClientWithRecovery : public OldClientTest {
 protected:
  OldClientWithRecovery() : OldClientTest({.shards = 1, .allow_eio3 = true, .connection_state_recovery = RecoveryOptions{}}) {}
};

TEST_F(OldClientWithRecovery, KnowsNothingOfItAndMindsNothing) {
  auto client = connect();
  EXPECT_EQ(client.read_text(), "40");
  server.nsp.emit("x", 1);
  EXPECT_THAT(client.read_text(), StartsWith(R"(42["x",1,")"));
  client.tcp().close();
  auto again = connect();
  EXPECT_EQ(again.read_text(), "40");
}

TEST(OldClientsTest, AreRefusedUnlessTheyAreAllowed) {
  HandlerServer server;
  server.start();
  EXPECT_THAT(server.server().tcp().get("/socket.io/?EIO=3&transport=polling").body, HasSubstr("Unsupported protocol version"));
}

}  // namespace
}  // namespace atrium::socketio
