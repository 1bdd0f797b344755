// What an application throws ends nothing but its own handler: the server, and everybody else on it, goes on.
#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/support/socket_io_server.h"

namespace atrium::socketio {
namespace {

using namespace std::chrono_literals;
using test::SocketIoServer;

class HandlerFailureTest : public ::testing::Test {
 protected:
  HandlerFailureTest() {
    server.io.of("/").on("ask", [](Socket&, Event& event) { event.ack("here"); });
  }
  void expect_server_goes_on() {
    auto other = server.connect();
    other.join();
    EXPECT_EQ(other.ask(R"(21["ask"])"), R"(31["here"])");
  }
  [[noreturn]] static void fail() { throw std::runtime_error("by intent"); }

  SocketIoServer server;
};

TEST_F(HandlerFailureTest, OfAMiddleware) {
  server.io.of("/broken").use([](Socket&, const Next&) { fail(); });
  server.start();
  auto client = server.connect();
  client.send("0/broken,");
  expect_server_goes_on();
}

TEST_F(HandlerFailureTest, OfADisconnectingHandler) {
  server.io.of("/").on_disconnecting([](Socket&, DisconnectReason) { fail(); });
  server.io.of("/").on_disconnect([this](Socket&, DisconnectReason) { server.events.push("disconnect"); });
  server.start();
  auto client = server.connect();
  client.join();
  client.send("1");
  EXPECT_EQ(server.events.next(), "disconnect") << "the others are told all the same";
  expect_server_goes_on();
}

TEST_F(HandlerFailureTest, OfADisconnectHandler) {
  server.io.of("/").on_disconnect([](Socket&, DisconnectReason) { fail(); });
  server.start();
  auto client = server.connect();
  client.join();
  client.send("1");
  expect_server_goes_on();
}

TEST_F(HandlerFailureTest, OfTheCallbackOfAnAnswer) {
  server.io.of("/").on_connection(
      [](Socket& socket) { socket.timeout(1h).emit_with_ack("question").then([](const AckResult&) { fail(); }); });
  server.start();
  auto client = server.connect();
  client.join();
  EXPECT_EQ(client.next(), R"(20["question"])");
  client.send("30[]");
  EXPECT_EQ(client.ask(R"(21["ask"])"), R"(31["here"])");
}

}  // namespace
}  // namespace atrium::socketio
