// Connection state recovery at the door: middleware, and the bounds beyond which a client begins anew.
#include <gmock/gmock.h>

#include "tests/support/recovery_server.h"

namespace atrium::socketio {
namespace {

using namespace std::chrono_literals;
using test::RecoveringClient;
using test::RecoveryServer;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(RecoveryAtTheDoor, DoesNotJudgeAgainWhoComesBack) {
  RecoveryServer server;
  server.nsp.use([&](Socket& socket, const Next& next) {
    server.server().events.push(socket.recovered() ? "judged recovered" : "judged");
    socket.data["role"] = "guest";
    next(std::nullopt);
  });
  server.start();
  auto client = server.client();
  client.connect();
  EXPECT_EQ(server.next_event(), "judged");
  EXPECT_EQ(server.next_event(), "connect new");
  server.on_socket(client.sid, [](Socket& socket) { socket.data["role"] = "admin"; });
  server.lose(client);
  client.connect();
  EXPECT_EQ(server.next_event(), "connect recovered");
  server.on_socket(client.sid, [](Socket& socket) { EXPECT_EQ(socket.data["role"], "admin"); });
}

/// Every client is judged, also one that comes back; how, the test says.
class RecoveryWithJudges : public ::testing::TestWithParam<unsigned> {
 protected:
  RecoveryWithJudges() {
    server.nsp.use([this](Socket& socket, Next next) {
      if (!socket.recovered()) return next(std::nullopt);
      server.server().events.push("judged");
      judge(socket, std::move(next));
    });
    server.start();
  }
  ~RecoveryWithJudges() override {
    server.stop();
    verdict = nullptr;
  }
  /// The middleware takes its time, until say().
  void let_wait() {
    judge = [this](Socket& socket, Next next) {
      waiting = &socket.shard();
      verdict = std::move(next);
    };
  }
  void say(std::optional<ConnectError> error) {
    server.on_shard(waiting->index(), [&] { std::exchange(verdict, nullptr)(std::move(error)); });
  }

  std::function<void(Socket&, Next)> judge = [](Socket&, const Next& next) { next(std::nullopt); };
  Next verdict;
  net::Shard* waiting = nullptr;
  RecoveryServer server{GetParam(), {.skip_middlewares = false}};
};

TEST_P(RecoveryWithJudges, AsksThemAgain) {
  auto client = server.join();
  server.lose(client);
  server.emit_from(0, "missed");
  EXPECT_THAT(client.connect(), ElementsAre(R"(["missed"])"));
  EXPECT_TRUE(client.recovered);
  EXPECT_EQ(server.next_event(), "judged");
  EXPECT_EQ(server.next_event(), "connect recovered");
}

TEST_P(RecoveryWithJudges, TellsWhoIsRefusedNothingOfWhatWasMissed) {
  auto client = server.join();
  server.lose(client);
  server.emit_from(0, "missed");
  judge = [](Socket&, const Next& next) { next(ConnectError{.message = "banned"}); };
  EXPECT_THAT(client.connect(), IsEmpty());
  EXPECT_EQ(client.refusal, R"(4{"message":"banned"})");
  EXPECT_EQ(server.next_event(), "judged");
  client.connect();
  EXPECT_FALSE(client.recovered) << "what was refused is over";
  EXPECT_EQ(server.next_event(), "connect new");
}

TEST_P(RecoveryWithJudges, TellsWhatWasSaidWhileTheyMadeUpTheirMind) {
  auto client = server.join();
  server.lose(client);
  server.emit_from(0, "missed", 1);
  let_wait();
  std::vector<std::string> missed;
  std::thread connecting([&] { missed = client.connect(); });
  EXPECT_EQ(server.next_event(), "judged");
  server.emit_from(0, "missed", 2);
  say(std::nullopt);
  connecting.join();
  EXPECT_THAT(missed, ElementsAre(R"(["missed",1])", R"(["missed",2])"));
  EXPECT_TRUE(client.recovered);
}

TEST_P(RecoveryWithJudges, TellsOnceAndInOrderWhatTheyThemselvesSay) {
  auto client = server.join();
  server.lose(client);
  server.emit_from(0, "missed");
  judge = [this](Socket& socket, const Next& next) {
    server.nsp.emit("before");
    socket.emit("by a judge");
    server.nsp.emit("after");
    next(std::nullopt);
  };
  EXPECT_THAT(client.connect(), ElementsAre(R"(["missed"])", R"(["before"])", R"(["by a judge"])", R"(["after"])"));
  server.next_event();
  EXPECT_EQ(server.next_event(), "connect recovered");
  server.emit_from(0, "live");
  EXPECT_EQ(client.next(), R"(["live"])");
}

TEST_P(RecoveryWithJudges, BringBackAlsoWhoIsLostWhileTheyMakeUpTheirMind) {
  auto client = server.join();
  server.on_socket(client.sid, [](Socket& socket) { socket.data["name"] = "Anna"; });
  server.emit_from(0, "heard");
  client.next();
  server.lose(client);
  server.emit_from(0, "missed", 1);
  let_wait();
  auto impatient = server.server().connect();
  impatient.send(R"(0{"pid":")" + client.pid + R"(","offset":")" + *client.offset + "\"}");
  EXPECT_EQ(server.next_event(), "judged");
  impatient.websocket().tcp().close();
  server.emit_from(0, "missed", 2);
  // The end of that connection has been seen when a later one of its shard is answered.
  for (std::size_t i = 0; i < 2 * server.io().shards().size(); ++i) {
    auto other = server.server().connect();
    other.join();
    EXPECT_EQ(server.next_event(), "connect new");
    other.send("1");
    EXPECT_EQ(server.next_event(), "disconnect client namespace disconnect");
  }
  judge = [](Socket&, const Next& next) { next(std::nullopt); };
  EXPECT_THAT(client.connect(), ElementsAre(R"(["missed",1])", R"(["missed",2])"));
  EXPECT_TRUE(client.recovered);
  EXPECT_EQ(server.next_event(), "judged");
  EXPECT_EQ(server.next_event(), "connect recovered");
  server.on_socket(client.sid, [](Socket& socket) { EXPECT_EQ(socket.data["name"], "Anna"); });
}

INSTANTIATE_TEST_SUITE_P(OnShards, RecoveryWithJudges, ::testing::Values(1u, 2u));

class RecoveryBounds : public ::testing::Test {
 protected:
  /// A client that misses ten events of about a hundred octets each; whether it is recovered then.
  static bool recovers(const RecoveryOptions& options, unsigned shards = 1) {
    RecoveryServer server(shards, options);
    server.start();
    auto client = server.join();
    server.emit_from(0, "heard");
    client.next();
    server.lose(client);
    for (int i = 0; i < 10; ++i) server.emit_from(0, "missed", std::string(100, 'x'));
    const auto missed = client.connect();
    EXPECT_EQ(missed.size(), client.recovered ? 10u : 0u) << "everything or nothing";
    return client.recovered;
  }
};

TEST_F(RecoveryBounds, EndInAFreshSessionWhenTooMuchWasMissed) {
  EXPECT_TRUE(recovers({.max_replay = 2000}));
  EXPECT_FALSE(recovers({.max_replay = 1000}));
  EXPECT_TRUE(recovers({.max_replay = 2000}, 2));
  EXPECT_FALSE(recovers({.max_replay = 1000}, 2));
}

TEST_F(RecoveryBounds, EndInAFreshSessionWhenTooMuchWasSaid) {
  EXPECT_TRUE(recovers({.max_octets = 10'000}));
  EXPECT_FALSE(recovers({.max_octets = 1000}));
  EXPECT_TRUE(recovers({.max_octets = 10'000}, 2));
  EXPECT_FALSE(recovers({.max_octets = 1000}, 2));
}

TEST_F(RecoveryBounds, EndInAFreshSessionWhenTooMuchWasSaidThatIsForOthers) {
  RecoveryServer server(1, {.max_octets = 2000});
  server.start();
  auto client = server.join();
  server.on_shard(0, [&] { server.nsp.to(client.sid).emit("first"); });
  client.next();
  server.on_shard(0, [&] { server.nsp.to(client.sid).emit("in flight"); });
  for (int i = 0; i < 50; ++i) server.on_shard(0, [&] { server.nsp.to("elsewhere").emit("x"); });
  server.lose(client);
  client.connect();
  EXPECT_FALSE(client.recovered) << "what was in flight cannot be told any more";
}

TEST_F(RecoveryBounds, LetAQuietClientBeAsLongAsNothingItMissedIsForgotten) {
  for (const bool heard_something : {true, false}) {
    RecoveryServer server(2, {.max_octets = 2000});
    server.start();
    auto client = server.join();
    if (heard_something) {
      server.on_shard(0, [&] { server.nsp.to(client.sid).emit("first"); });
      client.next();
    }
    for (int i = 0; i < 100; ++i) server.on_shard(1, [&] { server.nsp.to("elsewhere").emit("x"); });
    server.settle();
    server.lose(client);
    server.emit_from(1, "missed");
    EXPECT_THAT(client.connect(), ElementsAre(R"(["missed"])"));
    EXPECT_TRUE(client.recovered);
  }
}

TEST_F(RecoveryBounds, AdmitOnlySoManyLostClients) {
  RecoveryServer server(1, {.max_sessions = 2});
  server.start();
  std::vector<RecoveringClient> clients;
  for (int i = 0; i < 3; ++i) clients.push_back(server.join());
  for (auto& client : clients) server.lose(client);
  std::vector<bool> recovered;
  for (auto& client : clients) {
    client.connect();
    recovered.push_back(client.recovered);
  }
  EXPECT_THAT(recovered, ElementsAre(true, true, false));
}

TEST_F(RecoveryBounds, EndTheWaitForALostClient) {
  RecoveryServer server(2, {.max_disconnection_duration = 1ms});
  server.start();
  auto client = server.join();
  server.lose(client);
  // Its time is over before a deadline of the same shard that is as long and was set later.
  std::promise<void> over;
  net::Deadline later([&] { over.set_value(); });
  server.on_shard(0, [&] { server.io().shards()[0].deadlines().arm(later, 1ms); });
  over.get_future().get();
  client.connect();
  EXPECT_FALSE(client.recovered);
}

}  // namespace
}  // namespace atrium::socketio
