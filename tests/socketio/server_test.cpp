#include "socketio/server.h"

#include <gtest/gtest.h>

#include "tests/support/socket_io_server.h"

namespace atrium::socketio {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using test::SocketIoClient;
using test::SocketIoServer;

TEST(ServerTest, ClosesAConnectionThatJoinsNoNamespaceInTime) {
  SocketIoServer server({.shards = 1, .connect_timeout = 20ms});
  server.start();
  auto idle = server.connect();
  EXPECT_TRUE(idle.ended());
  auto refused = server.connect();
  EXPECT_TRUE(refused.ask("0/nowhere,").starts_with("4/nowhere,"));
  EXPECT_TRUE(refused.ended()) << "to be refused is not to join";
}

TEST(ServerTest, LeavesAConnectionThatJoinedInPeace) {
  SocketIoServer server({.shards = 1, .connect_timeout = 60ms});
  server.io.of("/").on("ask", [](Socket&, Event& event) { event.ack(); });
  server.start();
  auto client = server.connect();
  client.join();
  auto later = server.connect();  // whose time is over after that of the first
  EXPECT_TRUE(later.ended());
  EXPECT_EQ(client.ask(R"(21["ask"])"), "31[]");
}

TEST(ServerTest, ClosesAConnectionThatBreaksTheProtocol) {
  SocketIoServer server;
  server.start();
  const std::vector<std::string> violations{
      "",                  // no packet
      "9",                 // of no known type
      "2[\"unfinished\"",  // no JSON
      "2{}",               // an event is an array
      "2[]",               // with a name
      "2[\"connect\"]",    // which is not one of the library's own
      "2[\"disconnecting\"]",
      "3[1]",                    // an answer to which question?
      "4{\"message\":\"no\"}",   // only the server refuses
      "0",                       // here it is already
      "2/chat,[\"not there\"]",  // there it is not
      "1/chat,",
      "599-[{\"_placeholder\":true,\"num\":0}]",
      "51-[\"x\",{\"_placeholder\":true,\"num\":5}]",
  };
  for (const auto& packet : violations) {
    SCOPED_TRACE("packet " + packet);
    auto client = server.connect();
    client.join();
    client.send(packet);
    if (packet.starts_with("51-")) client.send_binary("\x01");
    EXPECT_TRUE(client.ended());
  }
}

TEST(ServerTest, ClosesAConnectionWhoseOctetsNobodyAnnounced) {
  SocketIoServer server;
  server.start();
  auto client = server.connect();
  client.join();
  client.send_binary("\x01");
  EXPECT_TRUE(client.ended());
  auto other = server.connect();
  other.join();
  other.send(R"(51-["x",{"_placeholder":true,"num":0}])");
  other.send(R"(2["text where octets are due"])");
  EXPECT_TRUE(other.ended());
}

TEST(ServerTest, ExpectsAConnectBeforeAnythingElse) {
  SocketIoServer server;
  server.start();
  for (const char* packet : {"2[\"x\"]", "1", "30[]"}) {
    auto client = server.connect();
    client.send(packet);
    EXPECT_TRUE(client.ended()) << packet;
  }
}

TEST(ServerTest, LeavesOtherPathsToItsHttpHandler) {
  SocketIoServer alone;
  alone.start();
  EXPECT_EQ(alone.tcp().get("/other").status, 404);
  EXPECT_EQ(alone.tcp().get("/socket.io/").body, R"({"code":0,"message":"Transport unknown"})");

  class Greeter final : public http::Handler {
    void handle(std::shared_ptr<http::Exchange> exchange) override {
      exchange->respond({.status = 200, .headers = {}, .body = "hello from " + exchange->request().path});
    }
  } greeter;
  SocketIoServer server({.path = "/ws", .shards = 1});
  server.io.serve_http(greeter);
  server.start();
  EXPECT_EQ(server.tcp().get("/other").body, "hello from /other");
  EXPECT_EQ(server.tcp().get("/socket.io/").body, "hello from /socket.io/");
  EXPECT_EQ(server.tcp().get("/ws").body, "hello from /ws") << "the path ends with a slash";
  EXPECT_EQ(server.tcp().get("/ws/").body, R"({"code":0,"message":"Transport unknown"})");
}

TEST(ServerTest, SaysWhyItCannotListen) {
  SocketIoServer server;
  server.start();
  Server other({.shards = 1});
  const auto refused = other.listen({"127.0.0.1", server.port()});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().find(std::to_string(server.port())), std::string::npos) << refused.error();
  EXPECT_FALSE(other.listen({"no address", 0}));
}

TEST(ServerTest, TellsEverybodyOnEveryShardThatItShutsDown) {
  SocketIoServer server({.shards = 3});
  server.io.of("/").on_disconnect(
      [&](Socket&, DisconnectReason reason) { server.events.push(std::string(to_string(reason))); });
  server.start();
  std::vector<SocketIoClient> clients;
  for (int i = 0; i < 6; ++i) {
    clients.push_back(server.connect());
    clients.back().join();
  }
  server.stop();
  for (auto& client : clients) {
    EXPECT_EQ(server.events.next(), "server shutting down");
    EXPECT_TRUE(client.ended());
  }
}

TEST(ServerTest, CountsTheClientsOfAShard) {
  SocketIoServer server({.shards = 2});
  server.io.of("/").on("count", [&](Socket& socket, Event& event) { event.ack(server.io.client_count(socket.shard())); });
  server.start();
  std::vector<SocketIoClient> clients;
  for (int i = 0; i < 3; ++i) {  // dealt out to the shards in turn
    clients.push_back(server.connect());
    clients.back().join();
  }
  EXPECT_EQ(clients[0].ask(R"(21["count"])"), "31[2]");
  EXPECT_EQ(clients[1].ask(R"(21["count"])"), "31[1]");
}

}  // namespace
}  // namespace atrium::socketio
