// Connection state recovery over real connections: who comes back to what, and what is told again.
#include "socketio/recovery.h"

#include <gmock/gmock.h>

#include "tests/support/recovery_server.h"

namespace atrium::socketio {
namespace {

using namespace std::chrono_literals;
using test::RecoveringClient;
using test::RecoveryServer;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::UnorderedElementsAre;

class RecoveryTest : public ::testing::Test {
 protected:
  void start() { server.start(); }
  /// The client comes again, and it is it.
  std::vector<std::string> recover(RecoveringClient& client) {
    const std::string sid = client.sid;
    auto missed = client.connect();
    EXPECT_TRUE(client.recovered);
    EXPECT_EQ(client.sid, sid);
    EXPECT_EQ(server.next_event(), "connect recovered");
    return missed;
  }

  RecoveryServer server;
};

TEST_F(RecoveryTest, GivesAPrivateIdBesideThePublicOne) {
  start();
  auto client = server.join();
  EXPECT_EQ(client.pid.size(), 20u);
  EXPECT_NE(client.pid, client.sid);
  EXPECT_FALSE(client.recovered);
}

TEST_F(RecoveryTest, EndsEveryEventWithAnOffset) {
  start();
  auto client = server.join();
  server.on_socket(client.sid, [&](Socket& socket) {
    socket.emit("one", 1);
    server.nsp.emit("two");
    socket.volatile_().emit("three", "x");
    server.nsp.to(socket.id()).emit("octets", Bytes("\x01"));
  });
  EXPECT_THAT(client.next_packet(), MatchesRegex(R"re(2\["one",1,"[^"]+"\])re"));
  EXPECT_THAT(client.next_packet(), MatchesRegex(R"re(2\["two","[^"]+"\])re"));
  EXPECT_THAT(client.next_packet(), MatchesRegex(R"re(2\["three","x","[^"]+"\])re"));
  EXPECT_THAT(client.next_packet(), MatchesRegex(R"re(51-\["octets",\{"_placeholder":true,"num":0\},"[^"]+"\])re"));
}

TEST_F(RecoveryTest, DoesNotKeepWhatWasPrepared) {
  start();
  auto client = server.join();
  const Prepared prepared = server.nsp.prepare("state", 7);
  server.on_socket(client.sid, [&](Socket& socket) {
    socket.send(prepared);
    server.nsp.everyone().send(prepared);
  });
  EXPECT_EQ(client.next_packet(), R"(2["state",7])") << "without an offset";
  EXPECT_EQ(client.next_packet(), R"(2["state",7])");
  server.lose(client);
  server.on_shard(0, [&] { server.nsp.everyone().send(prepared); });
  EXPECT_THAT(recover(client), IsEmpty());
}

TEST_F(RecoveryTest, SaysNothingOfItToThoseWhoAreAskedForAnAnswer) {
  start();
  auto client = server.join();
  server.on_socket(client.sid, [&](Socket& socket) {
    socket.emit_with_ack("one", 1).then([](auto) {});
    server.nsp.timeout(1h).emit_with_ack("all", 2).then([](auto) {});
  });
  EXPECT_EQ(client.next_packet(), R"(20["one",1])");
  EXPECT_EQ(client.next_packet(), R"(21["all",2])");
  server.lose(client);
  EXPECT_THAT(recover(client), IsEmpty()) << "who would wait for that answer?";
}

TEST_F(RecoveryTest, BringsBackAClientThatHeardNothing) {
  start();
  auto client = server.join();
  server.lose(client);
  EXPECT_FALSE(client.offset);
  EXPECT_THAT(recover(client), IsEmpty());
  server.lose(client);
  server.emit_from(0, "x", 1);
  EXPECT_THAT(recover(client), ElementsAre(R"(["x",1])"));
}

TEST_F(RecoveryTest, KeepsNothingOfWhatIsFleeting) {
  start();
  auto client = server.join();
  server.on_socket(client.sid, [&](Socket& socket) { socket.fleeting().emit("welcome"); });
  EXPECT_EQ(client.next(), R"(["welcome"])");
  server.lose(client);
  server.emit_from(0, "missed");
  EXPECT_THAT(recover(client), ElementsAre(R"(["missed"])"));
}

TEST_F(RecoveryTest, TellsWhatCameAfterTheFleetingThatWasHeard) {
  start();
  auto client = server.join();
  server.emit_from(0, "before");
  EXPECT_EQ(client.next(), R"(["before"])");
  server.on_socket(client.sid, [&](Socket& socket) { socket.fleeting().emit("welcome"); });
  EXPECT_EQ(client.next(), R"(["welcome"])");
  server.emit_from(0, "in flight");
  server.lose(client);
  server.emit_from(0, "missed");
  EXPECT_THAT(recover(client), ElementsAre(R"(["in flight"])", R"(["missed"])"));
}

TEST_F(RecoveryTest, GoesOnAfterAnEventThatCameAfterTheFleeting) {
  start();
  auto client = server.join();
  server.on_socket(client.sid, [&](Socket& socket) { socket.fleeting().emit("welcome"); });
  EXPECT_EQ(client.next(), R"(["welcome"])");
  server.emit_from(0, "after");
  EXPECT_EQ(client.next(), R"(["after"])");
  server.lose(client);
  server.emit_from(0, "missed");
  EXPECT_THAT(recover(client), ElementsAre(R"(["missed"])"));
}

TEST_F(RecoveryTest, BeginsAnewWhereTheFleetingWasNotHeard) {
  start();
  auto silent = server.join();
  auto informed = server.join();
  server.emit_from(0, "before");
  EXPECT_EQ(informed.next(), R"(["before"])");
  for (auto* client : {&silent, &informed}) {
    server.on_socket(client->sid, [&](Socket& socket) { socket.fleeting().emit("welcome"); });
    server.lose(*client);
    EXPECT_THAT(client->connect(), IsEmpty());
    EXPECT_FALSE(client->recovered);
    EXPECT_EQ(server.next_event(), "connect new");
  }
}

TEST_F(RecoveryTest, GivesBackIdsRoomsAndData) {
  start();
  auto client = server.join();
  const std::string pid = client.pid;
  server.on_socket(client.sid, [&](Socket& socket) {
    socket.join("red");
    socket.join("blue");
    socket.data["name"] = "Anna";
  });
  server.lose(client);
  recover(client);
  EXPECT_EQ(client.pid, pid);
  server.on_socket(client.sid, [&](Socket& socket) {
    EXPECT_EQ(socket.id(), client.sid);
    EXPECT_THAT(socket.rooms(), UnorderedElementsAre("red", "blue", client.sid));
    EXPECT_EQ(json::serialize(socket.data), R"({"name":"Anna"})");
    EXPECT_TRUE(socket.local_data.type() == typeid(void)) << "what is of this object goes with it";
    server.nsp.to("red").emit("live");
  });
  EXPECT_EQ(client.next(), R"(["live"])");
}

TEST_F(RecoveryTest, TellsWhatWasMissedInOrderBeforeTheAnswer) {
  start();
  auto client = server.join();
  server.emit_from(0, "heard");
  EXPECT_EQ(client.next(), R"(["heard"])");
  const std::string heard = *client.offset;
  server.emit_from(0, "in flight");
  client.next();
  client.offset = heard;  // as if the last had not arrived
  server.lose(client);
  server.emit_from(0, "missed", 1);
  server.emit_from(0, "missed", 2);
  EXPECT_THAT(recover(client), ElementsAre(R"(["in flight"])", R"(["missed",1])", R"(["missed",2])"));
  server.emit_from(0, "live");
  EXPECT_EQ(client.next(), R"(["live"])");
}

TEST_F(RecoveryTest, TellsNothingTwice) {
  start();
  auto client = server.join();
  for (int round = 0; round < 3; ++round) {
    server.emit_from(0, "live", round);
    EXPECT_EQ(client.next(), "[\"live\"," + std::to_string(round) + "]");
    server.lose(client);
    server.emit_from(0, "missed", round);
    EXPECT_THAT(recover(client), ElementsAre("[\"missed\"," + std::to_string(round) + "]"));
  }
  server.lose(client);
  EXPECT_THAT(recover(client), IsEmpty());
}

TEST_F(RecoveryTest, TellsAgainWhatWasToldAgainButDidNotArrive) {
  start();
  auto client = server.join();
  server.emit_from(0, "heard");
  client.next();
  const std::string heard = *client.offset;
  server.lose(client);
  server.emit_from(0, "missed", 1);
  server.emit_from(0, "missed", 2);
  EXPECT_THAT(recover(client), ElementsAre(R"(["missed",1])", R"(["missed",2])"));
  server.emit_from(0, "live");
  server.lose(client);
  client.offset = heard;  // nothing of that arrived
  EXPECT_THAT(recover(client), ElementsAre(R"(["missed",1])", R"(["missed",2])", R"(["live"])"));
}

TEST_F(RecoveryTest, TellsEachOnlyWhatIsForIt) {
  start();
  auto red = server.join();
  auto blue = server.join();
  server.on_socket(red.sid, [](Socket& socket) { socket.join("red"); });
  server.on_socket(blue.sid, [](Socket& socket) { socket.join("blue"); });
  server.lose(red);
  server.lose(blue);
  server.on_shard(0, [&] {
    server.nsp.to("red").emit("to red");
    server.nsp.to("blue").emit("to blue");
    server.nsp.except("red").emit("except red");
    server.nsp.to(red.sid).emit("to the first");
    server.nsp.except(red.sid).emit("except the first");
    server.nsp.to("red").to("blue").emit("to both");
  });
  EXPECT_THAT(recover(red), ElementsAre(R"(["to red"])", R"(["to the first"])", R"(["to both"])"));
  EXPECT_THAT(recover(blue), ElementsAre(R"(["to blue"])", R"(["except red"])", R"(["except the first"])", R"(["to both"])"));
}

TEST_F(RecoveryTest, LetsAVolatileEventBeTheLastThatWasHeardButTellsItToNobodyAgain) {
  start();
  auto client = server.join();
  server.on_shard(0, [&] { server.nsp.volatile_().emit("volatile", 1); });
  EXPECT_EQ(client.next(), R"(["volatile",1])");
  server.lose(client);
  server.on_shard(0, [&] { server.nsp.volatile_().emit("volatile", 2); });
  server.emit_from(0, "lasting");
  EXPECT_THAT(recover(client), ElementsAre(R"(["lasting"])"));
}

TEST_F(RecoveryTest, ComesWithTheDisconnectionOfTheOldConnectionFirst) {
  start();
  auto client = server.join();
  server.on_socket(client.sid, [](Socket& socket) { socket.join("red"); });
  auto half_open = client.leave();
  client.connect();
  EXPECT_TRUE(client.recovered);
  EXPECT_EQ(server.next_event(), "disconnect transport close");
  EXPECT_EQ(server.next_event(), "connect recovered");
  EXPECT_TRUE(half_open.ended());
  server.on_socket(client.sid, [&](Socket& socket) {
    EXPECT_THAT(socket.rooms(), UnorderedElementsAre("red", client.sid));
    server.nsp.emit("live");
  });
  EXPECT_EQ(client.next(), R"(["live"])");
}

TEST_F(RecoveryTest, HappensOnceForOnePrivateId) {
  start();
  auto client = server.join();
  auto twin = server.client();
  twin.pid = client.pid;
  server.lose(client);
  recover(client);
  server.on_socket(client.sid, [](Socket& socket) { socket.disconnect(); });
  EXPECT_EQ(server.next_event(), "disconnect server namespace disconnect");
  twin.connect();
  EXPECT_FALSE(twin.recovered);
  EXPECT_NE(twin.sid, client.sid);
  EXPECT_EQ(server.next_event(), "connect new");
}

TEST_F(RecoveryTest, IsNotForAClientThatLeft) {
  start();
  auto client = server.join();
  client.send("1");
  EXPECT_EQ(server.next_event(), "disconnect client namespace disconnect");
  const std::string sid = client.sid;
  client.connect();
  EXPECT_FALSE(client.recovered);
  EXPECT_NE(client.sid, sid);
}

TEST_F(RecoveryTest, IsForWhomTheServerDropped) {
  start();
  auto client = server.join();
  server.on_socket(client.sid, [](Socket& socket) { socket.drop_connection(); });
  EXPECT_EQ(server.next_event(), "disconnect forced close");
  recover(client);
}

TEST_F(RecoveryTest, FailsForWhatIsNoIdAndNoOffset) {
  start();
  for (const std::string pid : {"x", "AAAAAAAAAAAAAAAAAAAA", "____________________", "AA==AAAAAAAAAAAAAAAA"}) {
    auto client = server.client();
    client.pid = pid;
    client.connect();
    EXPECT_FALSE(client.recovered) << pid;
    EXPECT_EQ(server.next_event(), "connect new");
    server.lose(client);
  }
  for (const std::string offset : {"", "abc", "9.9", "0.zzzzzzzz", "-1.1", "0.1x"}) {
    auto client = server.join();
    server.emit_from(0, "x");
    client.next();
    server.lose(client);
    client.offset = offset;
    EXPECT_THAT(client.connect(), IsEmpty());
    EXPECT_FALSE(client.recovered) << offset << ": what it heard is unknown, so it begins anew";
    EXPECT_EQ(server.next_event(), "connect new");
    server.lose(client);
  }
}

TEST_F(RecoveryTest, DoesNotMindAnOffsetOfAnotherLifeAsLongAsNothingWasSaidInThisOne) {
  start();
  auto client = server.join();
  client.offset = "of a server that has ended";  // which the official client never forgets
  server.lose(client);
  server.emit_from(0, "missed");
  EXPECT_THAT(recover(client), ElementsAre(R"(["missed"])"));
}

TEST_F(RecoveryTest, KeepsNamespacesApart) {
  Namespace& chat = server.io().of("/chat");
  start();
  auto root = server.join();
  auto client = server.client("/chat");
  client.connect();
  client.pid = root.pid;
  client.connect();
  EXPECT_FALSE(client.recovered);
  client.lose();
  server.on_shard(0, [&] { chat.emit("missed"); });
  EXPECT_THAT(client.connect(), ElementsAre(R"(["missed"])"));
  EXPECT_TRUE(client.recovered);
}

}  // namespace
}  // namespace atrium::socketio
