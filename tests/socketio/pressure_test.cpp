// A client that does not take what it is sent, and what the server hears of that.
#include <gmock/gmock.h>

#include <thread>

#include "tests/support/handler_server.h"

namespace atrium::socketio {
namespace {

using test::EventQueue;
using test::HandlerServer;
using test::SocketIoClient;

class PressureTest : public ::testing::Test {
 protected:
  static constexpr int kSmallBuffer = 4096;  // of the client's end, so that little is in flight

  PressureTest() {
    server.nsp.on_connection([this](Socket& socket) { latest = socket.shared_from_this(); });
    server.nsp.on_drain([this](Socket& socket) {
      EXPECT_EQ(&socket, latest.get());
      events.push("drain");
    });
    server.nsp.on_disconnect([this](Socket&, DisconnectReason reason) { events.push(std::string(to_string(reason))); });
  }
  ~PressureTest() override {
    server.stop();
    latest.reset();
  }
  SocketIoClient join() {
    server.start();
    SocketIoClient client(test::TcpClient(server.server().port(), kSmallBuffer));
    client.join();
    return client;
  }
  /// Says something large, in a turn of its own; whether the client keeps up.
  bool say() {
    bool keeps_up = false;
    server.on_shard(0, [&] { keeps_up = latest->emit("x", large); });
    return keeps_up;
  }
  /// Says so much that the client is behind; returns how often.
  int fall_behind() {
    int said = 1;
    while (say()) {
      if (++said > 10'000) throw std::runtime_error("never behind");
    }
    return said;
  }
  void hear(SocketIoClient& client, int count) {
    for (int i = 0; i < count; ++i) client.next();
  }

  const std::string large = std::string(60'000, 'x');
  HandlerServer server{{.shards = 1, .max_buffered = 100'000'000}};
  EventQueue& events = server.events();
  std::shared_ptr<Socket> latest;
};

TEST_F(PressureTest, TellsByEmitAndAgainWhenTheClientHasCaughtUp) {
  auto client = join();
  for (int round = 0; round < 2; ++round) {
    const int said = fall_behind();
    EXPECT_FALSE(say()) << "nor is the next taken, though it is not lost";
    EXPECT_TRUE(events.empty());
    hear(client, said + 1);
    EXPECT_EQ(events.next(), "drain");
    EXPECT_TRUE(say());
    hear(client, 1);
    server.settle();
    EXPECT_TRUE(events.empty()) << "told once";
  }
}

TEST_F(PressureTest, TellsOnlyWhoWasToldThatItIsBehind) {
  auto client = join();
  const int said = fall_behind();
  hear(client, said);
  EXPECT_EQ(events.next(), "drain");
  // By a broadcast, which has nobody to tell.
  server.on_shard(0, [&] {
    for (int i = 0; i < said; ++i) server.nsp.emit("x", large);
  });
  hear(client, said);
  server.settle();
  EXPECT_TRUE(events.empty());
}

TEST_F(PressureTest, DropsWhatIsVolatile) {
  auto client = join();
  const int said = fall_behind();
  server.on_shard(0, [&] {
    EXPECT_FALSE(latest->volatile_().emit("volatile"));
    server.nsp.volatile_().emit("volatile");
  });
  hear(client, said);
  EXPECT_EQ(events.next(), "drain");
  server.on_shard(0, [&] { EXPECT_TRUE(latest->volatile_().emit("now")); });
  EXPECT_EQ(client.next(), R"(2["now"])");
}

// Of something that lasts, whoever is behind misses the whole or nothing.
TEST_F(PressureTest, SparesAClientTheEndOfWhatItWasNotToldToBegin) {
  auto client = join();
  const auto tell = [&](std::uint64_t id, Episode::Part part) {
    server.nsp.everyone().in_episode({.id = id, .part = part, .spares = true}).emit(std::to_string(id), static_cast<int>(part));
  };
  using Part = Episode::Part;
  server.on_shard(0, [&] { tell(1, Part::begin); });
  EXPECT_EQ(client.next(), R"(2["1",0])");
  const int said = fall_behind();
  server.on_shard(0, [&] {
    tell(2, Part::begin);
    tell(2, Part::again);
    tell(2, Part::end);
    tell(3, Part::begin);
    tell(4, Part::begin);
    tell(1, Part::again);
    tell(1, Part::end);  // the end of what began in time comes in any case
  });
  hear(client, said);
  EXPECT_EQ(client.next(), R"(2["1",3])");
  EXPECT_EQ(events.next(), "drain");
  server.on_shard(0, [&] {
    tell(3, Part::end);
    tell(4, Part::again);
    tell(4, Part::end);
    tell(2, Part::begin);
    tell(2, Part::end);
  });
  EXPECT_EQ(client.next(), R"(2["4",2])") << "it hears late that this one goes on";
  EXPECT_EQ(client.next(), R"(2["4",3])");
  EXPECT_EQ(client.next(), R"(2["2",0])");
  EXPECT_EQ(client.next(), R"(2["2",3])");
}

TEST_F(PressureTest, HasHandlersForOneSocketToo) {
  server.nsp.on_connection([this](Socket& socket) {
    socket.on_drain([](Socket&) { throw std::runtime_error("by intent"); });
    socket.on_drain([this](Socket&) { events.push("socket's drain"); });
  });
  auto client = join();
  hear(client, fall_behind());
  EXPECT_EQ(events.next(), "socket's drain");
  EXPECT_EQ(events.next(), "drain");
}

TEST_F(PressureTest, TellsByEmitThatTheClientHasGone) {
  auto client = join();
  client.send("1");
  EXPECT_EQ(events.next(), "client namespace disconnect");
  EXPECT_FALSE(say());
}

TEST(PressureOfOne, EndsAtTheBound) {
  HandlerServer server({.shards = 1, .max_buffered = 200'000});
  server.nsp.on("flood", [](Socket& socket) -> Task<> {
    for (int i = 0; i < 500; ++i) socket.emit("x", std::string(60'000, 'x'));
    co_return;
  });
  server.nsp.on_disconnect([&](Socket&, DisconnectReason reason) { server.events().push(std::string(to_string(reason))); });
  server.start();
  SocketIoClient slow(test::TcpClient(server.server().port(), 4096));
  slow.join();
  slow.send(R"(2["flood"])");
  EXPECT_EQ(server.events().next(), "transport error");
}

/// A client that is told so much at once that it is behind.
class StallTest : public ::testing::Test {
 protected:
  StallTest() {
    server.nsp.on("flood", [](Socket& socket) {
      for (int i = 0; i < 100; ++i) socket.emit("x", std::string(60'000, 'x'));
    });
    server.nsp.on_disconnect(
        [this](Socket&, DisconnectReason reason) { server.events().push(std::string(to_string(reason))); });
    server.nsp.on("hello", [this](Socket&) { server.events().push("hello"); });
    server.start();
  }

  HandlerServer server{{.shards = 1, .max_buffered = 100'000'000, .max_stall = std::chrono::milliseconds(300)}};
};

TEST_F(StallTest, EndsAClientThatTakesNothing) {
  SocketIoClient client(test::TcpClient(server.server().port(), 4096));
  client.join();
  client.send(R"(2["flood"])");
  EXPECT_EQ(server.events().next(), "transport error");
}

TEST_F(StallTest, SparesASlowClientThatTakesSomething) {
  SocketIoClient client(test::TcpClient(server.server().port(), 4096));
  client.join();
  client.send(R"(2["flood"])");
  for (int i = 0; i < 100; ++i) {
    client.next();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // in all, longer than it might stall
  }
  client.send(R"(2["hello"])");
  EXPECT_EQ(server.events().next(), "hello");
}

}  // namespace
}  // namespace atrium::socketio
