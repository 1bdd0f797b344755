// What somebody who watches a server from outside of its namespaces can rely on.
#include <gtest/gtest.h>

#include <regex>

#include "tests/support/engine_server.h"
#include "tests/support/socket_io_server.h"

namespace atrium::socketio {
namespace {

TEST(WatchingTest, HearsThatTheConnectionOfASocketBecameAWebSocket) {
  test::SocketIoServer server;
  const auto note = [&](Socket& socket) {
    server.events.push("upgrade " + socket.nsp() + " " + std::string(socket.session().transport_name()));
  };
  server.io.of("/").on_upgrade([](Socket&) { throw std::runtime_error("by intent"); });  // ends nobody but itself
  server.io.of("/").on_upgrade(note);
  server.io.of("/chat").on_upgrade(note);
  server.io.of("/other").on_upgrade(note);
  server.start();
  auto http = server.tcp();
  const std::string polling = "/socket.io/?EIO=4&transport=polling";
  const std::string sid = test::EngineServer::sid_of(http.get(polling).body);
  http.ask("POST", polling + "&sid=" + sid, {},
           "40\x1e"
           "40/chat,");
  test::WebSocketClient probe(server.tcp(), "/socket.io/?EIO=4&transport=websocket&sid=" + sid);
  probe.text("2probe");
  EXPECT_EQ(probe.read_text(), "3probe");
  EXPECT_TRUE(server.events.empty());
  probe.text("5");
  EXPECT_EQ(server.events.next(), "upgrade / websocket");
  EXPECT_EQ(server.events.next(), "upgrade /chat websocket");
  EXPECT_TRUE(server.events.empty());
}

TEST(WatchingTest, HearsOfAConnectionBeforeTheOthersThoughItAskedLast) {
  test::SocketIoServer server;
  server.io.on_connection([&](Socket&) { server.events.push("used"); });
  server.io.sockets().prepend_connection([&](Socket& socket) { server.events.push(socket.connected() ? "seen" : "early"); });
  server.start();
  auto client = server.connect();
  client.join();
  EXPECT_EQ(server.events.next(), "seen");
  EXPECT_EQ(server.events.next(), "used");
}

TEST(WatchingTest, HearsOfEveryNamespaceThatIsMadeFromThenOnOnce) {
  test::SocketIoServer server;
  server.io.of("/before");
  server.io.on_new_namespace([&](Namespace& nsp) { server.events.push(nsp.name()); });
  server.io.of(std::regex("^/room-"));
  server.io.of("/before");
  server.io.of("fixed");
  server.io.of("/fixed");
  EXPECT_EQ(server.events.next(), "/fixed");
  server.start();
  auto client = server.connect();
  client.join("/room-1");
  EXPECT_EQ(server.events.next(), "/room-1");
  client.join("/fixed");
  auto other = server.connect();
  other.join("/room-1");
  EXPECT_TRUE(server.events.empty());
}

TEST(WatchingTest, MayAddHandlersToANamespaceThatItHearsOf) {
  test::SocketIoServer server;
  server.io.on_new_namespace([&](Namespace& nsp) {
    nsp.on_any([&](Socket& socket, Event& event) { server.events.push(socket.nsp() + " " + event.name); });
  });
  server.io.of("/fixed");
  server.io.of(std::regex("^/room-"));
  server.start();
  auto client = server.connect();
  client.join("/fixed");
  client.join("/room-1");
  client.send(R"(2/fixed,["one"])");
  client.send(R"(2/room-1,["two"])");
  EXPECT_EQ(server.events.next(), "/fixed one");
  EXPECT_EQ(server.events.next(), "/room-1 two");
}

}  // namespace
}  // namespace atrium::socketio
