// Connection state recovery where each connection of a client comes to another shard.
#include <gmock/gmock.h>

#include <atomic>
#include <random>
#include <set>
#include <thread>

#include "tests/support/recovery_server.h"

namespace atrium::socketio {
namespace {

using test::RecoveringClient;
using test::RecoveryServer;
using test::SocketIoClient;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Two shards: the connections of a client that is alone are on the first, the second, the first...
class RecoveryOnTwoShards : public ::testing::Test {
 protected:
  RecoveryOnTwoShards() { server.start(); }

  std::vector<std::string> recover(RecoveringClient& client) {
    auto missed = client.connect();
    EXPECT_TRUE(client.recovered);
    EXPECT_EQ(server.next_event(), "connect recovered");
    server.on_socket(client.sid, [&](Socket& socket) { EXPECT_NE(socket.shard().index(), std::exchange(shard, 1 - shard)); });
    return missed;
  }

  RecoveryServer server{2};
  std::size_t shard = 0;  ///< where the client was last
};

TEST_F(RecoveryOnTwoShards, TellsWhatEitherShardSaid) {
  auto client = server.join();
  server.on_socket(client.sid, [](Socket& socket) { socket.join("red"); });
  for (int round = 0; round < 4; ++round) {
    server.emit_from(0, "live", 0);
    server.emit_from(1, "live", 1);
    EXPECT_EQ(client.next(), R"(["live",0])");
    EXPECT_EQ(client.next(), R"(["live",1])");
    server.lose(client);
    server.on_shard(1, [&] { server.nsp.to("red").emit("missed", 1); });
    server.settle();
    server.on_shard(0, [&] { server.nsp.to(client.sid).emit("missed", 0); });
    server.settle();
    EXPECT_THAT(recover(client), ElementsAre(R"(["missed",1])", R"(["missed",0])"));
  }
}

TEST_F(RecoveryOnTwoShards, KnowsWhatOneShardToldTheClientAloneWhereverItGoesNext) {
  auto client = server.join();
  server.on_socket(client.sid, [](Socket& socket) { socket.emit("by the first"); });
  EXPECT_EQ(client.next(), R"(["by the first"])");
  server.lose(client);
  EXPECT_THAT(recover(client), IsEmpty());
  server.lose(client);
  EXPECT_THAT(recover(client), IsEmpty()) << "the first shard knows that it had told it";
  server.on_socket(client.sid, [](Socket& socket) { socket.emit("again by the first"); });
  EXPECT_EQ(client.next(), R"(["again by the first"])");
  server.lose(client);
  server.emit_from(1, "missed");
  EXPECT_THAT(recover(client), ElementsAre(R"(["missed"])"));
  server.on_socket(client.sid, [](Socket& socket) { socket.emit("by the second"); });
  EXPECT_EQ(client.next(), R"(["by the second"])");
  server.lose(client);
  EXPECT_THAT(recover(client), IsEmpty());
}

TEST_F(RecoveryOnTwoShards, TellsAgainWhatTheOtherShardCouldNotTell) {
  auto client = server.join();
  server.on_socket(client.sid, [](Socket& socket) { socket.emit("heard"); });
  client.next();
  const std::string heard = *client.offset;
  server.on_socket(client.sid, [](Socket& socket) { socket.emit("in flight"); });
  for (int connection = 0; connection < 3; ++connection) {  // each of which breaks before anything arrives
    server.lose(client);
    client.offset = heard;
    const std::string missed = connection < 2 ? "missed" : "the last";
    server.emit_from(0, missed);
    const auto told = recover(client);
    ASSERT_EQ(told.size(), connection + 2u);
    EXPECT_EQ(told.front(), R"(["in flight"])");
    EXPECT_EQ(told.back(), "[\"" + missed + "\"]");
  }
}

TEST_F(RecoveryOnTwoShards, EndsTheConnectionOnTheOtherShardFirst) {
  auto client = server.join();
  std::vector<SocketIoClient> half_open;
  for (int round = 0; round < 4; ++round) {
    half_open.push_back(client.leave());
    client.connect();
    EXPECT_TRUE(client.recovered);
    EXPECT_EQ(server.next_event(), "disconnect transport close");
    EXPECT_EQ(server.next_event(), "connect recovered");
    EXPECT_TRUE(half_open.back().ended());
  }
  server.emit_from(1, "once");
  EXPECT_EQ(client.next(), R"(["once"])");
  server.emit_from(0, "and no more");
  EXPECT_EQ(client.next(), R"(["and no more"])");
}

TEST_F(RecoveryOnTwoShards, ForgetsAClientThatLeftElsewhere) {
  auto client = server.join();
  server.lose(client);
  recover(client);
  client.send("1");
  EXPECT_EQ(server.next_event(), "disconnect client namespace disconnect");
  client.connect();
  EXPECT_FALSE(client.recovered);
}

/// What one client heard of each sender, which numbers what it says.
class Hearing {
 public:
  void hear(const std::string& event) {
    const auto array = json::parse(event).as_array();
    if (array[0] != "n") {
      ended_ += array[0] == "end";
      return;
    }
    const std::string sender(array[1].as_string());
    const auto number = array[2].to_number<std::int64_t>();
    const auto [last, first_time] = last_.emplace(sender, number);
    if (first_time) return;
    if (number != last->second + 1) {
      ADD_FAILURE() << "of " << sender << " came " << number << " after " << last->second;
    }
    last->second = number;
  }
  bool ended(int senders) const { return ended_ == senders; }
  std::int64_t last(const std::string& sender) const { return last_.contains(sender) ? last_.at(sender) : 0; }

 private:
  std::map<std::string, std::int64_t> last_;
  int ended_ = 0;
};

/// Clients that break off again and again while all shards speak: whoever comes back has every event of every sender once, in
/// the sender's order.
void expect_everything_once(unsigned shards, int clients, int connections, int batch) {
  RecoveryServer server(shards);
  std::vector<std::int64_t> said(shards, 0);  // each touched by its shard alone
  const auto speak = [&](std::size_t shard) {
    for (int i = 0; i < batch; ++i) {
      const std::string name = "shard " + std::to_string(shard);
      ++said[shard];
      if (i % 3 == 0) {
        server.nsp.to("all").emit("n", name, said[shard]);
      } else {
        server.nsp.emit("n", name, said[shard]);
      }
    }
  };
  server.nsp.on_connection([](Socket& socket) { socket.join("all"); });
  server.nsp.on("more", [&](Socket& socket, Event&) {
    for (std::size_t i = 0; i < shards; ++i) server.io().shards()[i].post([&, i] { speak(i); });
    for (int i = 0; i < 3; ++i) {  // and to this client alone, whose data is kept wherever it goes
      const std::int64_t number = socket.data.contains("said") ? socket.data["said"].as_int64() + 1 : 1;
      socket.data["said"] = number;
      socket.emit("n", "itself", number);
    }
  });
  server.start();

  std::vector<std::thread> threads;
  std::vector<Hearing> hearings(static_cast<std::size_t>(clients));
  std::vector<RecoveringClient> all;
  for (int i = 0; i < clients; ++i) {
    all.push_back(server.client());
    all.back().connect();
  }
  for (int i = 0; i < clients; ++i) {
    threads.emplace_back([&, i] {
      std::mt19937 random(static_cast<unsigned>(i));
      RecoveringClient& client = all[static_cast<std::size_t>(i)];
      Hearing& hearing = hearings[static_cast<std::size_t>(i)];
      std::vector<SocketIoClient> left;
      for (int connection = 0; connection < connections; ++connection) {
        client.send(R"(2["more"])");
        for (unsigned events = random() % (static_cast<unsigned>(batch) * shards); events > 0; --events) {
          hearing.hear(client.next());
        }
        if (random() % 2) {
          left.push_back(client.leave());
        } else {
          client.lose();
        }
        for (const auto& missed : client.connect()) hearing.hear(missed);
        if (!client.recovered) {
          ADD_FAILURE() << "client " << i << " began anew";
          return;
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  server.settle();
  for (std::size_t i = 0; i < shards; ++i) server.emit_from(i, "end");
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].recovered) continue;
    while (!hearings[i].ended(static_cast<int>(shards))) hearings[i].hear(all[i].next());
    for (std::size_t shard = 0; shard < shards; ++shard) {
      EXPECT_EQ(hearings[i].last("shard " + std::to_string(shard)), said[shard]) << "client " << i;
    }
  }
}

TEST(RecoveryStress, LosesNothingOnOneShard) { expect_everything_once(1, 3, 40, 25); }
TEST(RecoveryStress, LosesNothingBetweenTwoShards) { expect_everything_once(2, 4, 40, 20); }
TEST(RecoveryStress, LosesNothingAmongThreeShards) { expect_everything_once(3, 5, 40, 15); }

}  // namespace
}  // namespace atrium::socketio
