// Namespaces that come into being when a client asks for them.
#include <gmock/gmock.h>

#include <thread>

#include "tests/support/handler_server.h"
#include "tests/support/recovery_server.h"

namespace atrium::socketio {
namespace {

using namespace std::chrono_literals;
using test::EventQueue;
using test::HandlerServer;
using test::SocketIoClient;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string refused(const std::string& name) { return "4" + name + R"(,{"message":"Invalid namespace"})"; }

class DynamicNamespaceTest : public ::testing::Test {
 protected:
  explicit DynamicNamespaceTest(ServerOptions options = {.shards = 2}) : server(std::move(options)) {}

  SocketIoClient connect() {
    server.start();
    return server.server().connect();
  }

  HandlerServer server;
  EventQueue& events = server.events();
};

TEST_F(DynamicNamespaceTest, SuitsAPattern) {
  server.io().of(std::regex("^/room-\\d+$")).on("who", [](Socket& socket) { return socket.nsp(); });
  auto client = connect();
  client.join("/room-1");
  client.join("/room-22");
  EXPECT_EQ(client.ask(R"(2/room-1,1["who"])"), R"(3/room-1,1["/room-1"])");
  EXPECT_EQ(client.ask(R"(2/room-22,1["who"])"), R"(3/room-22,1["/room-22"])");
  for (const std::string name : {"/room-", "/room-1x", "/hall", "/_0"}) EXPECT_EQ(client.ask("0" + name + ","), refused(name));
  const std::string endless = "/room-" + std::string(100'000, '1');
  EXPECT_EQ(client.ask("0" + endless + ","), refused(endless));
}

TEST_F(DynamicNamespaceTest, IsDecidedByAFunctionAtOnceOrLater) {
  std::mutex mutex;
  std::function<void(bool)> later;
  server.io().of([&](const std::string& name, const json::object& auth, const std::function<void(bool)>& allow) {
    if (name == "/now") return allow(auth.contains("token"));
    const std::lock_guard lock(mutex);
    later = allow;
    events.push("asked for " + name);
  });
  auto client = connect();
  EXPECT_EQ(client.ask("0/now,"), refused("/now"));
  client.join("/now", R"({"token":1})");
  for (const bool allowed : {false, true}) {
    client.send("0/later,");
    EXPECT_EQ(events.next(), "asked for /later");
    server.on_shard(0, [&] {
      later(allowed);
      later(!allowed);
    });
    const std::string answer = client.next();
    EXPECT_EQ(answer.starts_with(R"(0/later,{"sid")"), allowed) << answer;
  }
}

TEST_F(DynamicNamespaceTest, AdmitsNobodyWhoHasGoneBeforeItWasDecided) {
  std::function<void(bool)> later;
  server.io()
      .of([&](const std::string&, const json::object&, std::function<void(bool)> allow) {
        later = std::move(allow);
        events.push("asked");
      })
      .on_connection([&](Socket&) { events.push("connected"); });
  auto client = connect();
  client.send("0/later,");
  EXPECT_EQ(events.next(), "asked");
  client.send("0/later,");  // twice: that ends the connection
  EXPECT_TRUE(client.ended());
  server.on_shard(0, [&] { std::exchange(later, nullptr)(true); });
  server.settle();
  EXPECT_TRUE(events.empty());
  server.stop();
}

TEST_F(DynamicNamespaceTest, AsksOneAfterTheOther) {
  const auto decide = [this](const std::string& who, const std::string& liked) {
    return [=, this](const std::string& name, const json::object&, const std::function<void(bool)>& allow) {
      events.push(who + " " + name);
      allow(name == liked);
    };
  };
  server.io().of(decide("first", "/a")).on("x", [] { return "first"; });
  server.io().of(decide("second", "/b")).on("x", [] { return "second"; });
  server.io().of("/fixed");
  auto client = connect();
  client.join("/b");
  EXPECT_EQ(client.ask(R"(2/b,1["x"])"), R"(3/b,1["second"])");
  client.join("/a");
  client.join("/fixed");
  for (const auto* event : {"first /b", "second /b", "first /a"}) EXPECT_EQ(events.next(), event);
  EXPECT_TRUE(events.empty()) << "what there is already is nobody's to decide";
}

TEST_F(DynamicNamespaceTest, IsRefusedWhenWhatDecidesFails) {
  server.io().of(
      [](const std::string&, const json::object&, const std::function<void(bool)>&) { throw std::runtime_error("by intent"); });
  auto client = connect();
  EXPECT_EQ(client.ask("0/x,"), refused("/x"));
  client.join();
}

TEST_F(DynamicNamespaceTest, TakesOverWhatItsParentDoes) {
  ParentNamespace& parent = server.io().of(std::regex("^/room"));
  parent.use([](Socket& socket, const Next& next) {
    if (socket.auth().contains("bad")) return next(ConnectError{.message = "no"});
    next(std::nullopt);
  });
  parent.on_connection([this](Socket& socket) { events.push("connection " + socket.nsp()); });
  parent.on_disconnecting([this](Socket& socket, DisconnectReason) { events.push("disconnecting " + socket.nsp()); });
  parent.on_disconnect([this](Socket& socket, DisconnectReason) { events.push("disconnect " + socket.nsp()); });
  parent.children().on_any([this](Socket&, Event& event) { events.push("any " + event.name); });
  parent.children().on_any_outgoing([this](Socket&, const Outgoing& out) { events.push(json::serialize(out.array)); });
  parent.on("x", [](Socket& socket) { socket.emit("y"); });
  auto client = connect();
  EXPECT_EQ(client.ask(R"(0/room1,{"bad":1})"), R"(4/room1,{"message":"no"})");
  client.join("/room1");
  EXPECT_EQ(client.ask(R"(2/room1,["x"])"), R"(2/room1,["y"])");
  client.send("1/room1,");
  for (const auto* event : {"connection /room1", "any x", R"(["y"])", "disconnecting /room1", "disconnect /room1"}) {
    EXPECT_EQ(events.next(), event);
  }
}

TEST_F(DynamicNamespaceTest, MakesANameSaidOutrightTheChildOfThePatternItSuits) {
  ParentNamespace& parent = server.io().of(std::regex("^/room"));
  parent.on("x", [](Socket& socket) { return "a room: " + socket.nsp(); });
  server.io().of("room1").on("own", [] { return "only here"; });
  server.io().of("hall").on("own", [] { return "no room"; });
  auto client = connect();
  client.join("/room1");
  client.join("/hall");
  EXPECT_EQ(client.ask(R"(2/room1,1["x"])"), R"(3/room1,1["a room: /room1"])");
  EXPECT_EQ(client.ask(R"(2/room1,2["own"])"), R"(3/room1,2["only here"])");
  EXPECT_EQ(client.ask(R"(2/hall,3["own"])"), R"(3/hall,3["no room"])");
  parent.emit("y");
  EXPECT_EQ(client.next(), R"(2/room1,["y"])");
}

TEST_F(DynamicNamespaceTest, IsToldOfBeforeItsFirstSocket) {
  server.io().of(std::regex("^/room"));
  server.io().on_new_namespace([this](Namespace& child) {
    events.push("new " + child.name());
    child.on("own", [](Socket& socket) { return "only in " + socket.nsp(); });
  });
  server.io().on_new_namespace([](Namespace&) { throw std::runtime_error("by intent"); });
  auto client = connect();
  client.join("/room1");
  auto other = connect();
  other.join("/room1");
  EXPECT_EQ(other.ask(R"(2/room1,1["own"])"), R"(3/room1,1["only in /room1"])");
  EXPECT_EQ(events.next(), "new /room1");
  EXPECT_TRUE(events.empty());
}

TEST_F(DynamicNamespaceTest, ReachesAllChildrenOfAParent) {
  ParentNamespace& parent = server.io().of(std::regex("^/room"));
  server.io().of(std::regex("^/hall"));
  auto first = connect();
  auto second = connect();
  first.join("/room1");
  second.join("/room1");
  second.join("/room2");
  second.join("/hall");
  parent.emit("x", 1);
  EXPECT_EQ(first.next(), R"(2/room1,["x",1])");
  std::vector<std::string> heard{second.next(), second.next()};
  std::sort(heard.begin(), heard.end());
  EXPECT_THAT(heard, ElementsAre(R"(2/room1,["x",1])", R"(2/room2,["x",1])"));
  server.io().find("/hall")->emit("end");
  EXPECT_EQ(second.next(), R"(2/hall,["end"])");
}

TEST_F(DynamicNamespaceTest, StaysWhenNobodyIsInIt) {
  server.io().of(std::regex("^/room"));
  auto client = connect();
  client.join("/room1");
  client.send("1/room1,");
  client.join();
  EXPECT_NE(server.io().find("/room1"), nullptr);
}

TEST_F(DynamicNamespaceTest, IsMadeOnceThoughTwoShardsAskForItAtOnce) {
  server.io().of(std::regex("^/room"));
  std::atomic<int> made = 0;
  server.io().on_new_namespace([&](Namespace&) { ++made; });
  constexpr int kRooms = 30;
  std::vector<SocketIoClient> clients;
  for (int i = 0; i < 4; ++i) clients.push_back(connect());
  std::vector<std::thread> threads;
  for (auto& client : clients) {
    threads.emplace_back([&client] {
      for (int i = 0; i < kRooms; ++i) client.join("/room" + std::to_string(i));
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(made, kRooms);
  for (int i = 0; i < kRooms; ++i) {
    const std::string name = "/room" + std::to_string(i);
    server.io().find(name)->emit("x");
    for (auto& client : clients) EXPECT_EQ(client.next(), "2" + name + R"(,["x"])");
  }
}

class CleanupTest : public DynamicNamespaceTest {
 protected:
  CleanupTest() : DynamicNamespaceTest({.shards = 2, .cleanup_empty_child_namespaces = true}) {}
};

TEST_F(CleanupTest, GoesWithItsLastSocketAndComesAgain) {
  ParentNamespace& parent = server.io().of(std::regex("^/room"));
  server.io().of("/fixed");
  server.io().on_new_namespace([this](Namespace& child) { events.push("new " + child.name()); });
  auto first = connect();
  auto second = connect();
  for (int round = 0; round < 3; ++round) {
    first.join("/room1");
    second.join("/room1");
    EXPECT_EQ(events.next(), "new /room1");
    first.send("1/room1,");
    EXPECT_EQ(first.ask("0/nowhere,"), refused("/nowhere"));
    EXPECT_NE(server.io().find("/room1"), nullptr);
    second.send("1/room1,");
    EXPECT_EQ(second.ask("0/nowhere,"), refused("/nowhere"));
    EXPECT_EQ(server.io().find("/room1"), nullptr);
    parent.emit("to nobody");
  }
  first.join("/fixed");
  first.send("1/fixed,");
  EXPECT_EQ(first.ask("0/nowhere,"), refused("/nowhere"));
  EXPECT_NE(server.io().find("/fixed"), nullptr) << "it was there before the start";
}

TEST_F(CleanupTest, IsThereForTheLastWordsOfItsLastSocket) {
  server.io().of(std::regex("^/room"));
  server.io().on_new_namespace([this](Namespace& child) {
    child.rooms().on_leave([this](const std::string& room, const std::string&) { events.push("leave " + room); });
    child.rooms().on_delete([this](const std::string& room) { events.push("delete " + room); });
    child.on_connection([](Socket& socket) { socket.join("red"); });
    child.on_disconnect([this, &child](Socket&, DisconnectReason) {
      child.emit("to nobody");
      events.push("disconnect in " + child.name());
    });
  });
  for (const std::string way : {"1/room1,", "the connection ends"}) {
    auto client = connect();
    const std::string id = client.join("/room1");
    if (way.starts_with('1')) {
      client.send(way);
    } else {
      client.websocket().tcp().close();
    }
    std::multiset<std::string> all;
    for (int i = 0; i < 5; ++i) all.insert(events.next());
    EXPECT_EQ(all,
              (std::multiset<std::string>{"leave red", "leave " + id, "delete red", "delete " + id, "disconnect in /room1"}));
  }
}

TEST_F(CleanupTest, GoesAlsoWithThoseWhoWereRefused) {
  ParentNamespace& parent = server.io().of(std::regex("^/room"));
  parent.use([](Socket&, const Next& next) { next(ConnectError{.message = "no"}); });
  auto client = connect();
  EXPECT_EQ(client.ask("0/room1,"), R"(4/room1,{"message":"no"})");
  EXPECT_EQ(client.ask("0/nowhere,"), refused("/nowhere"));
  EXPECT_EQ(server.io().find("/room1"), nullptr);
}

TEST(CleanupStress, NeverLeavesASocketWithoutItsNamespace) {
  HandlerServer server({.shards = 3, .cleanup_empty_child_namespaces = true, .connection_state_recovery = RecoveryOptions{}});
  server.io().of(std::regex("^/room")).on("ask", [](Socket& socket) { return socket.nsp(); });
  server.start();
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&server] {
      for (int round = 0; round < 15; ++round) {
        auto client = server.server().connect();
        for (const std::string name : {"/room1", "/room2"}) client.join(name);
        for (const std::string name : {"/room1", "/room2"}) {
          EXPECT_EQ(client.ask("2" + name + R"(,1["ask"])"), "3" + name + R"(,1[")" + name + "\"]");
          client.send("1" + name + ",");
        }
        EXPECT_EQ(client.ask("0/nowhere,"), refused("/nowhere"));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(server.io().find("/room1"), nullptr);
  EXPECT_EQ(server.io().find("/room2"), nullptr);
}

TEST(CleanupWithRecovery, WaitsForThoseWhoMayComeBack) {
  test::RecoveryServer server(2, {}, {.cleanup_empty_child_namespaces = true});
  server.io().of(std::regex("^/room")).on_disconnect([&](Socket&, DisconnectReason) { server.server().events.push("gone"); });
  server.start();
  auto client = server.client("/room1");
  client.connect();
  for (int round = 0; round < 3; ++round) {
    client.lose();
    EXPECT_EQ(server.next_event(), "gone");
    const auto nsp = server.io().find("/room1");
    ASSERT_NE(nsp, nullptr);
    server.on_shard(1, [&] { nsp->emit("missed"); });
    server.settle();
    EXPECT_THAT(client.connect(), ElementsAre(R"(["missed"])"));
    EXPECT_TRUE(client.recovered);
  }
  client.send("1/room1,");
  EXPECT_EQ(server.next_event(), "gone");
  EXPECT_EQ(client.connection().ask("0/nowhere,"), refused("/nowhere"));
  EXPECT_EQ(server.io().find("/room1"), nullptr);
}

TEST(CleanupWithRecovery, WaitsOnlySoLong) {
  test::RecoveryServer server(2, {.max_disconnection_duration = 1ms}, {.cleanup_empty_child_namespaces = true});
  server.io().of(std::regex("^/room")).on_disconnect([&](Socket&, DisconnectReason) { server.server().events.push("gone"); });
  server.start();
  auto client = server.client("/room1");
  client.connect();
  client.lose();
  EXPECT_EQ(server.next_event(), "gone");
  std::promise<void> over;
  net::Deadline later([&] { over.set_value(); });
  server.on_shard(0, [&] { server.io().shards()[0].deadlines().arm(later, 1ms); });
  over.get_future().get();
  EXPECT_EQ(server.io().find("/room1"), nullptr);
}

}  // namespace
}  // namespace atrium::socketio
