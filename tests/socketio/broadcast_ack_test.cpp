// Asking many at once: clients on two shards answer, or do not.
#include <gmock/gmock.h>

#include <thread>

#include "tests/support/handler_server.h"

namespace atrium::socketio {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using test::EventQueue;
using test::HandlerServer;
using test::SocketIoClient;
using ::testing::AnyOf;

class BroadcastAckTest : public ::testing::Test {
 protected:
  BroadcastAckTest() {
    server.nsp.on("join", [](Socket& socket, const std::string& room, Context& context) {
      socket.join(room);
      context.ack()();
    });
    server.nsp.on("ask others", [this](Socket& socket) -> Task<std::string> {
      co_return written(co_await socket.broadcast().timeout(1h).emit_with_ack("question"));
    });
  }
  void join(int clients) {
    for (int i = 0; i < clients; ++i) all.push_back(server.join());
  }
  /// "2 of 3: [[1],[2]]", sorted.
  static std::string written(const AckAnswers& answers) {
    std::vector<std::string> texts;
    for (const auto& answer : answers.answers) texts.push_back(json::serialize(answer.args));
    std::sort(texts.begin(), texts.end());
    std::string text = std::to_string(answers.answers.size()) + " of " + std::to_string(answers.asked) + ":";
    for (const auto& one : texts) text += " " + one;
    EXPECT_EQ(answers.complete(), answers.answers.size() == answers.asked);
    return text;
  }
  void ask(const Emitter& whom, std::size_t shard = 0) {
    server.on_shard(shard, [&, this] {
      whom.emit_with_ack("question", 1).then([this, asker = net::Shard::current()](const AckAnswers& answers) {
        EXPECT_EQ(net::Shard::current(), asker);
        events.push(written(answers));
      });
    });
  }
  Emitter patiently() { return server.nsp.timeout(1h); }

  HandlerServer server{{.shards = 2}};
  EventQueue& events = server.events();
  std::vector<SocketIoClient> all;
};

TEST_F(BroadcastAckTest, GathersTheAnswersOfAllShards) {
  join(4);
  ask(patiently());
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(all[i].next(), R"(20["question",1])");
    all[i].send("30[" + std::to_string(i) + "]");
  }
  EXPECT_EQ(events.next(), "4 of 4: [0] [1] [2] [3]");
}

TEST_F(BroadcastAckTest, AnswersWhereItWasAsked) {
  join(2);
  ask(patiently(), 1);
  for (auto& client : all) {
    EXPECT_EQ(client.next(), R"(20["question",1])");
    client.send("30[]");
  }
  EXPECT_EQ(events.next(), "2 of 2: [] []");
}

TEST_F(BroadcastAckTest, MayBeAskedFromAnyThread) {
  join(2);
  patiently().emit_with_ack("question", 1).then([this](const AckAnswers& answers) { events.push(written(answers)); });
  for (auto& client : all) {
    EXPECT_EQ(client.next(), R"(20["question",1])");
    client.send("30[]");
  }
  EXPECT_EQ(events.next(), "2 of 2: [] []");
}

TEST_F(BroadcastAckTest, IsSatisfiedAtOnceWhenNobodyIsThere) {
  server.start();
  ask(patiently().to("nobody's room"));
  EXPECT_EQ(events.next(), "0 of 0:");
  ask(patiently());
  EXPECT_EQ(events.next(), "0 of 0:");
}

TEST_F(BroadcastAckTest, AsksOnlyThoseWhoAreMeant) {
  join(4);
  for (int i : {1, 2}) EXPECT_EQ(all[i].ask(R"(29["join","red"])"), "39[]");
  ask(patiently().to("red").except(server.id(1)));
  EXPECT_EQ(all[2].next(), R"(20["question",1])");
  all[2].send(R"(30["alone"])");
  EXPECT_EQ(events.next(), R"(1 of 1: ["alone"])");
  all[0].send(R"(27["ask others"])");
  for (int i = 1; i < 4; ++i) {
    EXPECT_EQ(all[i].next(), R"(21["question"])");
    all[i].send("31[]");
  }
  EXPECT_EQ(all[0].next(), R"(37["3 of 3: [] [] []"])");
}

TEST_F(BroadcastAckTest, TellsInTheEndWhatCameInTime) {
  join(3);
  ask(server.nsp.timeout(20ms));
  for (auto& client : all) EXPECT_EQ(client.next(), R"(20["question",1])");
  // Whether the answer is in time is not sure here; that it all ends in time is.
  all[1].send("30[1]");
  EXPECT_THAT(events.next(), AnyOf("1 of 3: [1]", "0 of 3:"));
  all[0].send("30[0]");
  all[2].send(R"(25["join","red"])");
  EXPECT_EQ(all[2].next(), "35[]");
  EXPECT_TRUE(events.empty()) << "what comes too late is nobody's";
}

TEST_F(BroadcastAckTest, DoesNotWaitForThoseWhoGo) {
  join(4);
  ask(patiently());
  for (auto& client : all) EXPECT_EQ(client.next(), R"(20["question",1])");
  all[0].send("30[0]");
  all[1].send("1");
  all[2].websocket().tcp().close();
  all[3].send("30[3]");
  EXPECT_EQ(events.next(), "2 of 4: [0] [3]");
}

TEST_F(BroadcastAckTest, CountsEachAnswerOnce) {
  join(2);
  ask(patiently());
  for (auto& client : all) EXPECT_EQ(client.next(), R"(20["question",1])");
  all[0].send("30[0]");
  all[0].send("30[0]");
  all[0].send("37[0]");
  all[1].send("30[1]");
  EXPECT_EQ(events.next(), "2 of 2: [0] [1]");
}

TEST_F(BroadcastAckTest, KeepsQuestionsApart) {
  join(2);
  ask(patiently());
  ask(patiently(), 1);
  for (auto& client : all) {
    client.next();
    client.next();
    client.send(R"(31["second"])");
  }
  EXPECT_EQ(events.next(), R"(2 of 2: ["second"] ["second"])");
  for (auto& client : all) client.send(R"(30["first"])");
  EXPECT_EQ(events.next(), R"(2 of 2: ["first"] ["first"])");
}

TEST_F(BroadcastAckTest, CarriesOctetsInAnswers) {
  join(1);
  server.on_shard(0, [&] {
    patiently().emit_with_ack("question").then([this](const AckAnswers& answers) {
      events.push(std::string(answers.answers.at(0).attachments.at(0).view()));
    });
  });
  EXPECT_EQ(all[0].next(), R"(20["question"])");
  all[0].send(R"(61-0[{"_placeholder":true,"num":0}])");
  all[0].send_binary("\x06\x07");
  EXPECT_EQ(events.next(), "\x06\x07");
}

TEST_F(BroadcastAckTest, MayAskOneFromAfar) {
  join(2);
  server.on_shard(0, [&] {
    server.nsp.to(server.id(1)).fetch_sockets().then([this](const std::vector<RemoteSocket>& sockets) {
      sockets.at(0).emit_with_ack(1h, "question", 1).then([this](const AckAnswers& answers) { events.push(written(answers)); });
    });
  });
  EXPECT_EQ(all[1].next(), R"(20["question",1])");
  all[1].send(R"(30["here"])");
  EXPECT_EQ(events.next(), R"(1 of 1: ["here"])");
}

TEST(BroadcastAckStress, LosesNoAnswerAmongThreeShards) {
  constexpr int kClients = 6;
  constexpr int kQuestions = 100;
  HandlerServer server({.shards = 3});
  std::vector<SocketIoClient> all;
  for (int i = 0; i < kClients; ++i) all.push_back(server.join());
  for (std::size_t shard = 0; shard < 3; ++shard) {
    server.on_shard(shard, [&] {
      for (int i = 0; i < kQuestions; ++i) {
        server.nsp.timeout(1h).emit_with_ack("question").then([&](const AckAnswers& answers) {
          server.events().push(std::to_string(answers.answers.size()) + " of " + std::to_string(answers.asked));
        });
      }
    });
  }
  std::vector<std::thread> threads;
  for (auto& client : all) {
    threads.emplace_back([&client] {
      for (int i = 0; i < 3 * kQuestions; ++i) {
        const std::string packet = client.next();
        client.send("3" + packet.substr(1, packet.find('[') - 1) + "[]");
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (int i = 0; i < 3 * kQuestions; ++i) ASSERT_EQ(server.events().next(), "6 of 6");
}

}  // namespace
}  // namespace atrium::socketio
