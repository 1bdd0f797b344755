// Who hears what: rooms, exceptions, volatile events, and the order of things across shards, over real connections.
#include <gtest/gtest.h>

#include <mutex>

#include "tests/support/socket_io_server.h"

namespace atrium::socketio {
namespace {

using test::SocketIoClient;
using test::SocketIoServer;

/// Three clients on three shards, each of which may join and leave rooms and have its server side say things.
class BroadcastTest : public ::testing::Test {
 protected:
  using Say = std::function<void(Socket&)>;

  BroadcastTest() {
    nsp.on("join", [](Socket& socket, Event& event) {
      socket.join(std::string(event.args[0].as_string()));
      event.ack();
    });
    nsp.on("leave", [](Socket& socket, Event& event) {
      socket.leave(std::string(event.args[0].as_string()));
      event.ack();
    });
    nsp.on("say", [this](Socket& socket, Event&) { what_to_say()(socket); });
    server.start();
    for (int i = 0; i < 3; ++i) {
      clients.push_back(server.connect());
      ids.push_back(clients.back().join());
    }
  }
  void join(int client, const std::string& room) { EXPECT_EQ(clients[client].ask(R"(21["join",")" + room + "\"]"), "31[]"); }
  void leave(int client, const std::string& room) { EXPECT_EQ(clients[client].ask(R"(21["leave",")" + room + "\"]"), "31[]"); }

  /// Lets the socket of `client` do `what`; returns who heard "x": "0 2" are the first and the third.
  std::string heard_after(int client, Say what) {
    let_say(client, [this, what = std::move(what)](Socket& socket) {
      what(socket);
      nsp.emit("end");
    });
    std::string who;
    for (std::size_t i = 0; i < clients.size(); ++i) {
      for (std::string packet = clients[i].next(); packet != R"(2["end"])"; packet = clients[i].next()) {
        EXPECT_EQ(packet, R"(2["x"])");
        who += (who.empty() ? "" : " ") + std::to_string(i);
      }
    }
    return who;
  }

  void let_say(int client, Say what) {
    {
      const std::lock_guard lock(mutex);
      say = std::move(what);
    }
    clients[client].send(R"(2["say"])");
  }
  Say what_to_say() {
    const std::lock_guard lock(mutex);
    return say;
  }

  std::mutex mutex;
  Say say;
  SocketIoServer server{{.shards = 3}};
  Namespace& nsp = server.io.of("/");
  std::vector<SocketIoClient> clients;
  std::vector<std::string> ids;
};

TEST_F(BroadcastTest, ReachesEverybodyOrEverybodyElse) {
  EXPECT_EQ(heard_after(0, [&](Socket&) { nsp.emit("x"); }), "0 1 2");
  EXPECT_EQ(heard_after(1, [](Socket& socket) { socket.broadcast().emit("x"); }), "0 2");
  EXPECT_EQ(heard_after(1, [](Socket& socket) { socket.emit("x"); }), "1");
}

TEST_F(BroadcastTest, ReachesTheMembersOfRooms) {
  join(0, "red");
  join(1, "red");
  join(1, "blue");
  EXPECT_EQ(heard_after(0, [](Socket& socket) { socket.to("red").emit("x"); }), "1") << "the one who speaks is left out";
  EXPECT_EQ(heard_after(2, [](Socket& socket) { socket.to("red").emit("x"); }), "0 1");
  EXPECT_EQ(heard_after(0, [&](Socket&) { nsp.to("red").emit("x"); }), "0 1") << "for the namespace nobody speaks";
  EXPECT_EQ(heard_after(2, [&](Socket&) { nsp.in("red").to("blue").emit("x"); }), "0 1") << "once who is in both";
  EXPECT_EQ(heard_after(2, [&](Socket&) { nsp.to("red").except("blue").emit("x"); }), "0");
  EXPECT_EQ(heard_after(2, [&](Socket&) { nsp.except("red").emit("x"); }), "2");
  EXPECT_EQ(heard_after(2, [](Socket& socket) { socket.except("blue").emit("x"); }), "0");
  EXPECT_EQ(heard_after(2, [&](Socket&) { nsp.to("green").emit("x"); }), "");
  leave(0, "red");
  EXPECT_EQ(heard_after(2, [&](Socket&) { nsp.to("red").emit("x"); }), "1");
}

TEST_F(BroadcastTest, ReachesOneByItsId) {
  EXPECT_EQ(heard_after(0, [&](Socket&) { nsp.to(ids[2]).emit("x"); }), "2");
  EXPECT_EQ(heard_after(0, [&](Socket&) { nsp.except(ids[2]).emit("x"); }), "0 1");
  EXPECT_EQ(heard_after(0, [&](Socket& socket) { socket.to(ids[0]).emit("x"); }), "") << "not oneself";
}

TEST_F(BroadcastTest, IsAnEmitterOfItsOwnAtEachStep) {
  join(0, "red");
  join(1, "blue");
  const Emitter red = nsp.to("red");
  const Emitter both = red.to("blue");
  EXPECT_EQ(heard_after(2, [&](Socket&) { red.emit("x"); }), "0");
  EXPECT_EQ(heard_after(2, [&](Socket&) { both.emit("x"); }), "0 1");
}

TEST_F(BroadcastTest, SaysWhatWasPreparedToRoomsAndToOne) {
  join(0, "red");
  join(1, "red");
  const Prepared prepared = nsp.prepare("x");
  EXPECT_EQ(heard_after(2, [&](Socket&) { nsp.to("red").send(prepared); }), "0 1");
  EXPECT_EQ(heard_after(2, [&](Socket&) { nsp.to("red").except(ids[0]).send(prepared); }), "1") << "as often as one likes";
  EXPECT_EQ(heard_after(2, [&](Socket& socket) { socket.send(prepared); }), "2");
  EXPECT_FALSE(Prepared());
  EXPECT_THROW(nsp.prepare("connect"), std::logic_error);
}

TEST_F(BroadcastTest, MovesSocketsFromOutside) {
  EXPECT_EQ(heard_after(0,
                        [&](Socket&) {
                          nsp.except(ids[1]).sockets_join("red");
                          nsp.to("red").emit("x");
                          nsp.to(ids[0]).sockets_leave("red");
                          nsp.to("red").emit("x");
                        }),
            "0 2 2");
}

TEST_F(BroadcastTest, DisconnectsSocketsFromOutside) {
  join(0, "red");
  join(1, "red");
  nsp.to("red").disconnect_sockets(Close::connection);
  for (int i : {0, 1}) {
    EXPECT_EQ(clients[i].next(), "1");
    EXPECT_TRUE(clients[i].ended());
  }
  nsp.emit("x");
  EXPECT_EQ(clients[2].next(), R"(2["x"])") << "the third is left";
}

TEST(NamespacesTest, HearNothingOfEachOther) {
  SocketIoServer two({.shards = 2});
  Namespace& chat = two.io.of("/chat");
  chat.on("say", [&](Socket&, Event&) {
    two.io.of("/").to("red").emit("to the root");
    chat.to("red").emit("to the chat");
  });
  for (Namespace* both : {&chat, &two.io.of("/")}) both->on_connection([](Socket& socket) { socket.join("red"); });
  two.start();
  auto client = two.connect();
  auto other = two.connect();
  client.join("/chat");
  other.join("/");
  client.send(R"(2/chat,["say"])");
  EXPECT_EQ(client.next(), R"(2/chat,["to the chat"])");
  EXPECT_EQ(other.next(), R"(2["to the root"])");
}

TEST_F(BroadcastTest, ArrivesInTheOrderInWhichItWasSaid) {
  constexpr int kCount = 300;
  let_say(1, [&](Socket& socket) {
    for (int i = 0; i < kCount; ++i) {
      if (i % 2) {
        nsp.emit("n", i);
      } else {
        socket.broadcast().emit("n", i);
        socket.emit("n", i);
      }
    }
  });
  for (auto& client : clients) {
    for (int i = 0; i < kCount; ++i) ASSERT_EQ(client.next(), "2[\"n\"," + std::to_string(i) + "]");
  }
}

TEST_F(BroadcastTest, SharesOctetsAmongAllReceivers) {
  let_say(0, [&](Socket&) { nsp.emit("octets", Bytes("\x01\x02"), "text"); });
  for (auto& client : clients) {
    EXPECT_EQ(client.next(), R"(51-["octets",{"_placeholder":true,"num":0},"text"])");
    EXPECT_EQ(client.next_binary(), "\x01\x02");
  }
}

TEST(VolatileTest, IsDroppedForAClientThatIsNotListeningJustNow) {
  SocketIoServer server;
  Namespace& nsp = server.io.of("/");
  nsp.on("say", [&](Socket&, Event& event) {
    nsp.volatile_().emit("volatile");
    nsp.emit("lasting");
    event.ack();
  });
  server.start();
  auto listening = server.connect();
  listening.join();
  auto polling = server.tcp();
  const std::string open = polling.get("/socket.io/?EIO=4&transport=polling").body;
  const std::string target =
      "/socket.io/?EIO=4&transport=polling&sid=" + std::string(json::parse(open.substr(1)).at("sid").as_string());
  EXPECT_EQ(polling.ask("POST", target, {}, "40").body, "ok");
  EXPECT_TRUE(polling.get(target).body.starts_with("40{"));
  EXPECT_EQ(listening.ask(R"(21["say"])"), R"(2["volatile"])");
  EXPECT_EQ(listening.next(), R"(2["lasting"])");
  EXPECT_EQ(listening.next(), "31[]");
  EXPECT_EQ(polling.get(target).body, R"(42["lasting"])");
}

}  // namespace
}  // namespace atrium::socketio
