// What can be known of sockets, and done with them, from afar: three clients on two shards.
#include <gmock/gmock.h>

#include "tests/support/handler_server.h"

namespace atrium::socketio {
namespace {

using test::EventQueue;
using test::HandlerServer;
using test::SocketIoClient;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class FetchSocketsTest : public ::testing::Test {
 protected:
  FetchSocketsTest() {
    server.nsp.on_connection([this](Socket& socket) {
      socket.data["number"] = connected++;
      if (connected != 2) socket.join("red");  // the first and the third
    });
    server.nsp.on_disconnect(
        [this](Socket& socket, DisconnectReason) { events.push("gone " + json::serialize(socket.data["number"])); });
    for (int i = 0; i < 3; ++i) all.push_back(server.join());
  }
  std::vector<RemoteSocket> fetch(const Emitter& whom, Detail detail = Detail::with_handshake, std::size_t shard = 0) {
    std::promise<std::vector<RemoteSocket>> fetched;
    server.on_shard(shard, [&] {
      whom.fetch_sockets(detail).then([&](std::vector<RemoteSocket> sockets) { fetched.set_value(std::move(sockets)); });
    });
    return fetched.get_future().get();
  }
  static std::vector<std::string> ids(const std::vector<RemoteSocket>& sockets) {
    std::vector<std::string> ids;
    for (const auto& socket : sockets) ids.push_back(socket.id());
    return ids;
  }
  std::size_t count(const Emitter& whom) {
    std::promise<std::size_t> counted;
    server.on_shard(1, [&] { whom.count_sockets().then([&](std::size_t number) { counted.set_value(number); }); });
    return counted.get_future().get();
  }
  RemoteSocket remote(std::size_t n) { return fetch(server.nsp.to(server.id(n))).at(0); }

  HandlerServer server{{.shards = 2}};
  EventQueue& events = server.events();
  std::atomic<int> connected = 0;
  std::vector<SocketIoClient> all;
};

TEST_F(FetchSocketsTest, FindsThoseOfAllShards) {
  for (const std::size_t shard : {0u, 1u}) {
    EXPECT_THAT(ids(fetch(server.nsp.everyone(), Detail::with_handshake, shard)),
                UnorderedElementsAre(server.id(0), server.id(1), server.id(2)));
  }
  EXPECT_THAT(ids(fetch(server.nsp.to("red"))), UnorderedElementsAre(server.id(0), server.id(2)));
  EXPECT_THAT(ids(fetch(server.nsp.except("red"))), ElementsAre(server.id(1)));
  EXPECT_THAT(ids(fetch(server.nsp.to(server.id(1)).to("red").except(server.id(2)))),
              UnorderedElementsAre(server.id(0), server.id(1)));
  EXPECT_THAT(ids(fetch(server.nsp.to("nobody's room"))), IsEmpty());
}

TEST_F(FetchSocketsTest, CountsThem) {
  EXPECT_EQ(count(server.nsp.everyone()), 3u);
  EXPECT_EQ(count(server.nsp.to("red")), 2u);
  EXPECT_EQ(count(server.nsp.to("nobody's room")), 0u);
}

TEST_F(FetchSocketsTest, TellsWhatIsKnownOfEach) {
  const RemoteSocket third = remote(2);
  EXPECT_EQ(json::serialize(third.data()), R"({"number":2})");
  EXPECT_THAT(third.rooms(), UnorderedElementsAre(server.id(2), "red"));
  EXPECT_EQ(third.info().transport, "websocket");
  EXPECT_NE(all[2].open_packet().find("\"" + third.info().session + "\""), std::string::npos);
}

TEST_F(FetchSocketsTest, TellsTheHandshakeOnlyToThoseWhoWantIt) {
  const auto with = fetch(server.nsp.to(server.id(1)), Detail::with_handshake).at(0).info().handshake;
  ASSERT_TRUE(with);
  EXPECT_NE(with->url().find("transport=websocket"), std::string::npos);
  EXPECT_FALSE(fetch(server.nsp.to(server.id(1)), Detail::without_handshake).at(0).info().handshake);
}

TEST_F(FetchSocketsTest, MayBeAwaited) {
  HandlerServer other({.shards = 2});
  other.nsp.on("ids", [&](Socket& socket) -> Task<std::int64_t> {
    const auto sockets = co_await other.nsp.except(socket.id()).fetch_sockets();
    EXPECT_EQ(net::Shard::current(), &socket.shard());
    co_return static_cast<std::int64_t>(sockets.size());
  });
  auto first = other.join();
  auto second = other.join();
  EXPECT_EQ(first.ask(R"(21["ids"])"), "31[1]");
  EXPECT_EQ(second.ask(R"(21["ids"])"), "31[1]");
}

TEST_F(FetchSocketsTest, SaysSomethingToOneFromAfar) {
  remote(1).emit("x", 1);
  EXPECT_EQ(all[1].next(), R"(2["x",1])");
}

TEST_F(FetchSocketsTest, MovesOneBetweenRoomsFromAfar) {
  const RemoteSocket second = remote(1);
  second.join("red");
  EXPECT_EQ(count(server.nsp.to("red")), 3u);
  EXPECT_THAT(second.rooms(), ElementsAre(server.id(1))) << "a copy, as of the asking";
  EXPECT_THAT(remote(1).rooms(), UnorderedElementsAre(server.id(1), "red"));
  second.leave("red");
  second.leave("not even in this one");
  EXPECT_EQ(count(server.nsp.to("red")), 2u);
}

TEST_F(FetchSocketsTest, DisconnectsOneFromAfar) {
  remote(1).disconnect();
  EXPECT_EQ(all[1].next(), "1");
  EXPECT_EQ(events.next(), "gone 1");
  EXPECT_EQ(count(server.nsp.everyone()), 2u);
  EXPECT_EQ(all[1].join().size(), 20u) << "the connection is still there";
  remote(2).disconnect(Close::connection);
  EXPECT_EQ(all[2].next(), "1");
  EXPECT_TRUE(all[2].ended());
}

TEST_F(FetchSocketsTest, DoesNothingToOneThatHasGone) {
  const RemoteSocket second = remote(1);
  all[1].send("1");
  EXPECT_EQ(events.next(), "gone 1");
  second.emit("x");
  second.join("red");
  second.disconnect();
  EXPECT_EQ(count(server.nsp.to("red")), 2u);
}

TEST_F(FetchSocketsTest, MovesManyAtOnceFromAnyThread) {
  server.nsp.to("red").sockets_join(std::vector<std::string>{"blue", "green"});
  EXPECT_EQ(count(server.nsp.to("blue")), 2u);
  EXPECT_EQ(count(server.nsp.to("green").except("red")), 0u);
  server.nsp.sockets_leave("blue");
  EXPECT_EQ(count(server.nsp.to("blue")), 0u);
  server.nsp.to("green").disconnect_sockets();
  EXPECT_EQ(count(server.nsp.everyone()), 1u);
}

TEST_F(FetchSocketsTest, DoesNotLetASocketLeaveOrDoubleTheRoomOfItsOwn) {
  const RemoteSocket second = remote(1);
  second.join(server.id(1));
  EXPECT_THAT(remote(1).rooms(), ElementsAre(server.id(1)));
  second.leave(server.id(1));
  EXPECT_THAT(remote(1).rooms(), ElementsAre(server.id(1)));
}

}  // namespace
}  // namespace atrium::socketio
