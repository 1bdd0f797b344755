// The change of one session from polling to a WebSocket (Engine.IO 4, "Upgrade").
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/support/engine_server.h"

namespace atrium::engineio {
namespace {

using namespace std::chrono_literals;
using test::EngineServer;
using test::WebSocketClient;

class UpgradeTest : public ::testing::Test {
 protected:
  UpgradeTest() {
    auto client = server.connect();
    sid = server.open_polling(client);
    EXPECT_EQ(server.events.next(), "open 0");
  }
  WebSocketClient probe(bool answered = true) {
    WebSocketClient client(server.connect(), EngineServer::websocket(sid));
    if (answered) {
      client.text("2probe");
      EXPECT_EQ(client.read_text(), "3probe");
    }
    return client;
  }
  test::TcpClient park() {
    auto client = server.connect();
    ask_for_messages(client);
    return client;
  }
  void ask_for_messages(test::TcpClient& client) {
    client.send("GET " + EngineServer::polling(sid) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    server.await_parked();
  }
  std::string poll() { return server.connect().get(EngineServer::polling(sid)).body; }
  std::string transport() {
    return server.on_session([](Session& session) { return std::string(session.transport_name()); });
  }
  void expect_still_polling() {
    EXPECT_EQ(transport(), "polling");
    server.send("by polling");
    EXPECT_EQ(poll(), "4by polling");
    EXPECT_TRUE(server.events.empty()) << server.events.next();
  }

  EngineServer server;
  std::string sid;
};

TEST_F(UpgradeTest, KeepsTheOrderOfMessagesThatWaited) {
  auto client = probe();
  EXPECT_EQ(transport(), "polling");
  server.send("one");
  server.send("two");
  client.text("5");
  EXPECT_EQ(client.read_text(), "4one");
  EXPECT_EQ(client.read_text(), "4two");
  EXPECT_EQ(transport(), "websocket");
  server.send("three");
  EXPECT_EQ(client.read_text(), "4three");
  client.text("4four");
  EXPECT_EQ(server.events.next(), "text four");
}

TEST_F(UpgradeTest, LosesNoneOfManyMessagesWhileItGoesOn) {
  auto client = probe();
  std::atomic<bool> sent_some = false;
  std::thread sender([&] {
    for (int i = 0; i < 500; ++i) {
      server.send(std::to_string(i));
      sent_some = true;
    }
  });
  while (!sent_some) std::this_thread::yield();
  client.text("5");
  for (int i = 0; i < 500; ++i) EXPECT_EQ(client.read_text(), "4" + std::to_string(i));
  sender.join();
}

TEST_F(UpgradeTest, ServesPollingUntilItIsComplete) {
  auto client = probe();
  server.send("one");
  EXPECT_EQ(poll(), "4one");
  EXPECT_EQ(server.connect().ask("POST", EngineServer::polling(sid), {}, "4two").body, "ok");
  EXPECT_EQ(server.events.next(), "text two");
  client.text("5");
  server.send("three");
  EXPECT_EQ(client.read_text(), "4three") << "and nothing twice";
}

TEST_F(UpgradeTest, FreesAParkedGetSoThatTheClientCanStopPolling) {
  auto poller = park();
  auto client = probe();
  server.advance(Session::kReleaseInterval);
  EXPECT_EQ(poller.read_answer().body, "6");
  ask_for_messages(poller);
  server.advance(Session::kReleaseInterval);
  EXPECT_EQ(poller.read_answer().body, "6") << "as often as it comes";
  ask_for_messages(poller);
  client.text("5");
  EXPECT_EQ(poller.read_answer().body, "6") << "at the latest when it is complete";
  EXPECT_TRUE(server.events.empty());
}

TEST_F(UpgradeTest, EndsThePolling) {
  auto client = probe();
  client.text("5");
  client.text("4here");
  EXPECT_EQ(server.events.next(), "text here");
  EXPECT_EQ(poll(), R"({"code":3,"message":"Bad request"})");
  EXPECT_EQ(server.connect().ask("POST", EngineServer::polling(sid), {}, "4x").status, 400);
  server.send("still here");
  EXPECT_EQ(client.read_text(), "4still here");
}

TEST_F(UpgradeTest, GoesOnWithTheHeartbeat) {
  auto client = probe();
  client.text("5");
  client.text("4here");
  EXPECT_EQ(server.events.next(), "text here");
  server.advance(25s);
  EXPECT_EQ(client.read_text(), "2");
  server.advance(20s);
  EXPECT_EQ(server.events.next(), "close ping timeout");
  EXPECT_TRUE(client.ended());
}

TEST_F(UpgradeTest, GivesUpAProbeThatTakesTooLong) {
  auto client = probe();
  server.advance(10s);
  EXPECT_TRUE(client.ended());
  expect_still_polling();
  auto next = probe();
  next.text("5");
  server.send("at the second attempt");
  EXPECT_EQ(next.read_text(), "4at the second attempt");
}

TEST_F(UpgradeTest, GivesUpAProbeThatSaysSomethingElse) {
  for (const char* words : {"5", "2", "2other", "4message", "3probe", "1"}) {
    auto client = probe(false);
    client.text(words);
    EXPECT_TRUE(client.ended()) << words;
  }
  auto client = probe();
  client.text("4message");
  EXPECT_TRUE(client.ended());
  expect_still_polling();
}

TEST_F(UpgradeTest, GivesUpAProbeThatIsCutOff) {
  auto client = probe();
  client.tcp().close();
  server.shards().settle();
  server.advance(10s);
  expect_still_polling();
}

TEST_F(UpgradeTest, HasNoUseForASecondProbe) {
  auto first = probe();
  auto second = probe(false);
  EXPECT_TRUE(second.ended());
  first.text("5");
  auto third = probe(false);
  EXPECT_TRUE(third.ended());
  server.send("to the first");
  EXPECT_EQ(first.read_text(), "4to the first");
}

TEST_F(UpgradeTest, EndsTheProbeWithTheSession) {
  auto client = probe();
  EXPECT_EQ(server.connect().ask("POST", EngineServer::polling(sid), {}, "1").body, "ok");
  EXPECT_EQ(server.events.next(), "close transport close");
  EXPECT_TRUE(client.ended());
  server.advance(1h);
  EXPECT_EQ(server.session_count(), 0u);
}

TEST_F(UpgradeTest, TellsItsLastMessagesToAClientThatHasStoppedToPoll) {
  auto client = probe();
  server.send("last");
  server.on_session([](Session& session) { session.close(); });
  EXPECT_EQ(server.events.next(), "close forced close");
  client.text("5");
  EXPECT_EQ(client.read_text(), "4last");
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(server.session_count(), 0u);
}

TEST_F(UpgradeTest, EndsTheProbeWhenAGetTakesTheLastMessages) {
  auto client = probe();
  server.send("last");
  server.on_session([](Session& session) { session.close(); });
  EXPECT_EQ(poll(), "4last");
  EXPECT_EQ(poll(), "6\x1e" "1");
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(server.session_count(), 0u);
}

TEST_F(UpgradeTest, LivesOnTheShardOfItsSession) {
  EngineServer two({}, 2);
  auto first = two.connect();  // shard 0
  const std::string id = two.open_polling(first);
  EXPECT_EQ(two.events.next(), "open 0");
  WebSocketClient client(two.connect(), EngineServer::websocket(id));  // shard 1
  client.text("2probe");
  EXPECT_EQ(client.read_text(), "3probe");
  two.send("one");
  client.text("5");
  EXPECT_EQ(client.read_text(), "4one");
}

TEST(NoUpgradeTest, IsOfferedWhenItIsNotAllowed) {
  EngineServer server({.allow_upgrades = false});
  auto poller = server.connect();
  const std::string open = poller.get(EngineServer::kPolling).body;
  EXPECT_NE(open.find(R"("upgrades":[])"), open.npos) << open;
  WebSocketClient client(server.connect(), EngineServer::websocket(EngineServer::sid_of(open)));
  EXPECT_TRUE(client.ended());
}

}  // namespace
}  // namespace atrium::engineio
