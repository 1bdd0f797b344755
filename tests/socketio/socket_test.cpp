// One socket over a real connection: acknowledgements both ways, octets both ways, and the ends it may come to.
#include "socketio/socket.h"

#include <gtest/gtest.h>

#include "tests/support/socket_io_server.h"

namespace atrium::socketio {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using test::SocketIoClient;
using test::SocketIoServer;

class SocketTest : public ::testing::Test {
 protected:
  explicit SocketTest(ServerOptions options = {.shards = 1}) : server(std::move(options)) {
    nsp.on_connection([this](Socket& socket) { latest = socket.shared_from_this(); });
    nsp.on_disconnect([this](Socket&, DisconnectReason reason) { server.events.push(std::string(to_string(reason))); });
  }
  ~SocketTest() override {
    server.stop();
    latest.reset();
  }
  SocketIoClient connect() {
    auto client = server.connect();
    client.join();
    return client;
  }
  /// Runs `job(Socket&)` on the shard of the latest socket.
  void on_socket(std::function<void(Socket&)> job) {
    server.io.shards()[0].post([this, job = std::move(job)] { job(*latest); });
  }
  void ask_client(Duration timeout) {
    on_socket([this, timeout](Socket& socket) {
      socket.timeout(timeout).emit_with_ack("question", 1).then([this](const AckResult& result) {
        server.events.push(result ? json::serialize(result->args) : std::string(to_string(result.error())));
      });
    });
  }

  SocketIoServer server;
  Namespace& nsp = server.io.of("/");
  std::shared_ptr<Socket> latest;
};

TEST_F(SocketTest, AnswersAClientThatAsks) {
  nsp.on("sum", [](Socket&, Event& event) {
    EXPECT_TRUE(event.ack);
    event.ack(event.args[0].as_int64() + event.args[1].as_int64());
    event.ack("a second answer");
  });
  nsp.on("quiet", [this](Socket&, Event& event) {
    EXPECT_FALSE(event.ack);
    event.ack("to nobody");
    server.events.push("quiet");
  });
  server.start();
  auto client = connect();
  client.send(R"(2["quiet"])");
  EXPECT_EQ(server.events.next(), "quiet");
  EXPECT_EQ(client.ask(R"(2123["sum",1,2])"), "3123[3]");
  EXPECT_EQ(client.ask(R"(20["sum",2,2])"), "30[4]") << "0 is an id like any other, and answers come once";
}

TEST_F(SocketTest, MayBeAnsweredFromAnywhereAndLater) {
  Ack kept;
  nsp.on("later", [&](Socket&, Event& event) {
    kept = event.ack;
    server.events.push("asked");
  });
  server.start();
  auto client = connect();
  client.send(R"(21["later"])");
  EXPECT_EQ(server.events.next(), "asked");
  kept("from the test's own thread");
  EXPECT_EQ(client.next(), R"(31["from the test's own thread"])");
  kept = {};
}

TEST_F(SocketTest, IsAnsweredByItsClient) {
  server.start();
  auto client = connect();
  ask_client(1h);
  EXPECT_EQ(client.next(), R"(20["question",1])");
  client.send(R"(30["answer",{"a":1}])");
  client.send(R"(30["again"])");
  EXPECT_EQ(server.events.next(), R"(["answer",{"a":1}])");
  ask_client(1h);
  EXPECT_EQ(client.next(), R"(21["question",1])");
  client.send("31[]");
  EXPECT_EQ(server.events.next(), "[]");
}

TEST_F(SocketTest, WaitsForAnAnswerOnlySoLong) {
  server.start();
  auto client = connect();
  ask_client(10ms);
  EXPECT_EQ(client.next(), R"(20["question",1])");
  EXPECT_EQ(server.events.next(), "operation has timed out");
  client.send("30[1]");
  client.send("1");
  EXPECT_EQ(server.events.next(), "client namespace disconnect") << "the late answer was ignored";
}

TEST_F(SocketTest, GetsNoAnswerFromAClientThatGoes) {
  server.start();
  auto client = connect();
  ask_client(1h);
  EXPECT_EQ(client.next(), R"(20["question",1])");
  client.send("1");
  EXPECT_EQ(server.events.next(), "socket has been disconnected");
  EXPECT_EQ(server.events.next(), "client namespace disconnect");
  ask_client(1h);
  EXPECT_EQ(server.events.next(), "socket has been disconnected") << "nor from one that has gone";
}

TEST_F(SocketTest, CarriesOctetsBothWays) {
  nsp.on("mirror", [](Socket& socket, Event& event) {
    EXPECT_EQ(event.attachments.size(), 2u);
    socket.emit("mirrored", "x", event.attachments[1], event.attachments[0]);
    if (event.ack) event.ack(event.attachments[0]);
  });
  server.start();
  auto client = connect();
  client.send(R"(52-7["mirror",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])");
  client.send_binary("\x01\x02"s);
  client.send_binary("\x00\xff"s);
  EXPECT_EQ(client.next(), R"(52-["mirrored","x",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])");
  EXPECT_EQ(client.next_binary(), "\x00\xff"s);
  EXPECT_EQ(client.next_binary(), "\x01\x02"s);
  EXPECT_EQ(client.next(), R"(61-7[{"_placeholder":true,"num":0}])");
  EXPECT_EQ(client.next_binary(), "\x01\x02"s);
}

TEST_F(SocketTest, TakesOctetsInAnAnswer) {
  server.start();
  auto client = connect();
  on_socket([this](Socket& socket) {
    socket.timeout(1h).emit_with_ack("question", Bytes("\x05"s)).then([this](const AckResult& result) {
      server.events.push(std::string(result->attachments.at(0).view()));
    });
  });
  EXPECT_EQ(client.next(), R"(51-0["question",{"_placeholder":true,"num":0}])");
  EXPECT_EQ(client.next_binary(), "\x05");
  client.send(R"(61-0[{"_placeholder":true,"num":0}])");
  client.send_binary("\x06\x07");
  EXPECT_EQ(server.events.next(), "\x06\x07");
}

TEST_F(SocketTest, TellsWhyItEnded) {
  server.start();
  using Client = SocketIoClient;
  const auto reason_after = [&](const std::function<void(Client&)>& act) {
    auto client = connect();
    act(client);
    return server.events.next();
  };
  EXPECT_EQ(reason_after([](Client& c) { c.send("1"); }), "client namespace disconnect");
  EXPECT_EQ(reason_after([](Client& c) { c.websocket().text("1"); }), "transport close");
  EXPECT_EQ(reason_after([](Client& c) { c.websocket().say_goodbye(); }), "transport close");
  EXPECT_EQ(reason_after([](Client& c) { c.websocket().tcp().close(); }), "transport close");
  EXPECT_EQ(reason_after([](Client& c) { c.websocket().text("2"); }), "transport error");
  EXPECT_EQ(reason_after([](Client& c) { c.websocket().text("x"); }), "parse error");
  EXPECT_EQ(reason_after([](Client& c) { c.send("nonsense"); }), "forced close");
  EXPECT_EQ(reason_after([&](Client& c) {
              on_socket([](Socket& socket) { socket.disconnect(); });
              EXPECT_EQ(c.next(), "1");
              c.join();  // the connection is still there
              c.send("1");
              EXPECT_EQ(server.events.next(), "server namespace disconnect");
            }),
            "client namespace disconnect");
  EXPECT_EQ(reason_after([&](Client& c) {
              on_socket([](Socket& socket) { socket.disconnect(Close::connection); });
              EXPECT_EQ(c.next(), "1");
              EXPECT_TRUE(c.ended());
            }),
            "server namespace disconnect");
  EXPECT_EQ(reason_after([&](Client& c) {
              on_socket([](Socket& socket) { socket.drop_connection(); });
              EXPECT_TRUE(c.ended());
            }),
            "forced close");
  auto last = connect();
  server.stop();
  EXPECT_EQ(server.events.next(), "server shutting down");
  EXPECT_TRUE(last.ended());
  EXPECT_TRUE(server.events.empty()) << "each ended once";
}

TEST_F(SocketTest, IsInItsRoomsUntilItHasEnded) {
  nsp.on_connection([](Socket& socket) { socket.join("red"); });
  nsp.on_disconnecting([this](Socket& socket, DisconnectReason reason) {
    server.events.push("disconnecting " + std::string(to_string(reason)) + " " + std::to_string(socket.rooms().size()));
    socket.to("red").emit("somebody leaves");
  });
  nsp.on_disconnect([this](Socket& socket, DisconnectReason) {
    server.events.push("rooms " + std::to_string(socket.rooms().size()) + (socket.connected() ? " connected" : " gone"));
    // All of this does nothing any more.
    socket.join("red");
    socket.emit("too late");
    socket.disconnect(Close::connection);
    socket.drop_connection();
  });
  server.start();
  auto other = connect();
  auto client = connect();
  client.send("1");
  EXPECT_EQ(server.events.next(), "disconnecting client namespace disconnect 2");
  EXPECT_EQ(server.events.next(), "client namespace disconnect");
  EXPECT_EQ(server.events.next(), "rooms 0 gone");
  EXPECT_EQ(other.next(), R"(2["somebody leaves"])");
  EXPECT_EQ(client.join().size(), 20u) << "and its client may come back on the same connection";
}

TEST_F(SocketTest, EndsWithItsConnectionInEveryNamespace) {
  server.io.of("/chat").on_disconnect([this](Socket& socket, DisconnectReason reason) {
    server.events.push(socket.nsp() + " " + std::string(to_string(reason)));
  });
  server.start();
  auto client = connect();
  client.join("/chat");
  on_socket([](Socket& socket) { socket.disconnect(Close::connection); });
  EXPECT_EQ(client.next(), "1");
  EXPECT_EQ(client.next(), "1/chat,");
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(server.events.next(), "server namespace disconnect");
  EXPECT_EQ(server.events.next(), "/chat server namespace disconnect");
}

TEST_F(SocketTest, MayBeDisconnectedByWhoeverHearsThatItDisconnects) {
  nsp.on_disconnecting([](Socket& socket, DisconnectReason) { socket.disconnect(Close::connection); });
  server.start();
  auto client = connect();
  client.send("1");
  EXPECT_EQ(server.events.next(), "client namespace disconnect");
  client.join();
  client.websocket().tcp().close();
  EXPECT_EQ(server.events.next(), "transport close");
  server.stop();
  EXPECT_TRUE(server.events.empty()) << "each ended once";
}

class SilentClientTest : public SocketTest {
 protected:
  SilentClientTest() : SocketTest({.shards = 1, .ping_interval = 10ms, .ping_timeout = 10ms}) {}
};

TEST_F(SilentClientTest, IsTakenForLost) {
  server.start();
  auto client = connect();
  EXPECT_EQ(server.events.next(), "ping timeout");
}

}  // namespace
}  // namespace atrium::socketio
