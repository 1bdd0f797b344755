// Who hears of rooms that come and go.
#include "socketio/room_events.h"

#include <gmock/gmock.h>

#include "tests/support/handler_server.h"

namespace atrium::socketio {
namespace {

using test::EventQueue;
using test::HandlerServer;

class RoomEventsTest : public ::testing::Test {
 protected:
  explicit RoomEventsTest(unsigned shards = 1) : server({.shards = shards}) {
    server.nsp.on("join", [](Socket& socket, const std::string& room, Context& context) {
      socket.join(room);
      context.ack()();
    });
    server.nsp.on("leave", [](Socket& socket, const std::string& room, Context& context) {
      socket.leave(room);
      context.ack()();
    });
  }
  void listen() {
    RoomEvents& rooms = server.nsp.rooms();
    rooms.on_create([this](const std::string& room) { events.push("create " + shown(room)); });
    rooms.on_delete([this](const std::string& room) { events.push("delete " + shown(room)); });
    rooms.on_join([this](const std::string& room, const std::string& socket) {
      events.push("join " + shown(room) + (room == socket ? " of its own" : ""));
    });
    rooms.on_leave([this](const std::string& room, const std::string& socket) {
      events.push("leave " + shown(room) + (room == socket ? " of its own" : ""));
    });
  }
  static std::string shown(const std::string& room) { return room.size() == 20 ? "id" : room; }
  void expect(std::initializer_list<const char*> all) {
    for (const auto* event : all) EXPECT_EQ(events.next(), event);
    server.settle();
    EXPECT_TRUE(events.empty());
  }

  HandlerServer server;
  EventQueue& events = server.events();
};

TEST_F(RoomEventsTest, TellOfTheFirstAndTheLast) {
  listen();
  auto first = server.join();
  expect({"create id", "join id of its own"});
  EXPECT_EQ(first.ask(R"(21["join","red"])"), "31[]");
  expect({"create red", "join red"});
  EXPECT_EQ(first.ask(R"(21["join","red"])"), "31[]");
  expect({});
  auto second = server.join();
  expect({"create id", "join id of its own"});
  EXPECT_EQ(second.ask(R"(21["join","red"])"), "31[]");
  expect({"join red"});
  EXPECT_EQ(first.ask(R"(21["leave","red"])"), "31[]");
  expect({"leave red"});
  EXPECT_EQ(first.ask(R"(21["leave","red"])"), "31[]");
  expect({});
  second.send("1");
  expect({"leave red", "delete red", "leave id of its own", "delete id"});
}

TEST_F(RoomEventsTest, GoOnAfterAHandlerThatFailed) {
  RoomEvents& rooms = server.nsp.rooms();
  const auto fail = [](auto&&...) { throw std::runtime_error("by intent"); };
  rooms.on_create(fail);
  rooms.on_delete(fail);
  rooms.on_join(fail);
  rooms.on_leave(fail);
  listen();
  auto client = server.join();
  expect({"create id", "join id of its own"});
  client.send("1");
  expect({"leave id of its own", "delete id"});
}

class RoomEventsOfShards : public RoomEventsTest {
 protected:
  RoomEventsOfShards() : RoomEventsTest(3) {}
};

TEST_F(RoomEventsOfShards, TellOnceOfARoomThatIsOnSeveral) {
  server.nsp.rooms().on_create([this](const std::string& room) {
    if (room == "red") events.push("create");
  });
  server.nsp.rooms().on_delete([this](const std::string& room) {
    if (room == "red") events.push("delete");
  });
  std::vector<test::SocketIoClient> clients;
  for (int i = 0; i < 3; ++i) clients.push_back(server.join());
  for (int round = 0; round < 3; ++round) {
    server.nsp.sockets_join("red");
    server.settle();
    expect({"create"});
    for (int i = 0; i < 3; ++i) {
      expect({});
      EXPECT_EQ(clients[i].ask(R"(21["leave","red"])"), "31[]");
    }
    expect({"delete"});
  }
}

TEST_F(RoomEventsOfShards, EndAsTheyBeganHoweverFastRoomsComeAndGo) {
  std::mutex mutex;
  std::map<std::string, int> there;
  const auto count = [&](const std::string& room, int change) {
    const std::lock_guard lock(mutex);
    int& number = there[room];
    number += change;
    EXPECT_TRUE(number == 0 || number == 1) << room << " " << number;
  };
  server.nsp.rooms().on_create([&](const std::string& room) { count(room, +1); });
  server.nsp.rooms().on_delete([&](const std::string& room) { count(room, -1); });
  {
    std::vector<test::SocketIoClient> clients;
    for (int i = 0; i < 6; ++i) clients.push_back(server.join());
    for (int round = 0; round < 50; ++round) {
      for (std::size_t shard = 0; shard < 3; ++shard) {
        server.io().shards()[shard].post([&, round] {
          const std::string room = "room " + std::to_string(round % 5);
          server.nsp.sockets_join(room);
          server.nsp.sockets_leave(room);
        });
      }
    }
    server.settle();
  }
  server.stop();
  const std::lock_guard lock(mutex);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(there["room " + std::to_string(i)], 0);
}

}  // namespace
}  // namespace atrium::socketio
