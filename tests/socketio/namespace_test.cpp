// Who may enter a namespace, and what is heard there, over real connections.
#include "socketio/namespace.h"

#include <gmock/gmock.h>

#include "tests/support/socket_io_server.h"

namespace atrium::socketio {

struct Wish {
  std::string channelId;
  std::optional<std::int64_t> count;
};
BOOST_DESCRIBE_STRUCT(Wish, (), (channelId, count))

namespace {

using test::SocketIoClient;
using test::SocketIoServer;

TEST(NamespaceTest, TellsAClientThatItIsConnected) {
  SocketIoServer server;
  server.io.of("/").on_connection([&](Socket& socket) {
    server.events.push(socket.id());
    socket.emit("welcome", socket.nsp());
  });
  server.start();
  auto client = server.connect();
  const std::string id = client.join();
  EXPECT_EQ(id.size(), 20u);
  EXPECT_EQ(client.open_packet().find(id), std::string::npos) << "the id of the session is nobody's business";
  EXPECT_EQ(server.events.next(), id);
  EXPECT_EQ(client.next(), R"(2["welcome","/"])");
}

TEST(NamespaceTest, CarriesSeveralOnOneConnection) {
  SocketIoServer server;
  for (const std::string name : {"/", "/chat", "news"}) {
    server.io.of(name).on("who", [](Socket& socket, Event& event) { event.ack(socket.nsp(), socket.id()); });
  }
  server.start();
  auto client = server.connect();
  const std::string root = client.join();
  const std::string chat = client.join("/chat");
  const std::string news = client.join("/news");
  EXPECT_EQ(client.ask(R"(21["who"])"), R"(31["/",")" + root + "\"]");
  EXPECT_EQ(client.ask(R"(2/chat,2["who"])"), R"(3/chat,2["/chat",")" + chat + "\"]");
  EXPECT_EQ(client.ask(R"(2/news,3["who"])"), R"(3/news,3["/news",")" + news + "\"]");
  client.send("1/chat,");
  EXPECT_EQ(client.ask(R"(2/news,4["who"])"), R"(3/news,4["/news",")" + news + "\"]") << "the others stay";
}

TEST(NamespaceTest, IsRefusedWhenThereIsNone) {
  SocketIoServer server;
  server.start();
  auto client = server.connect();
  EXPECT_EQ(client.ask("0/nowhere,"), R"(4/nowhere,{"message":"Invalid namespace"})");
  client.join();
  EXPECT_EQ(client.ask("0/nowhere,"), R"(4/nowhere,{"message":"Invalid namespace"})") << "and may ask again";
}

TEST(NamespaceTest, ShowsWhatTheClientSaidAtTheDoor) {
  SocketIoServer server;
  server.io.of("/chat").use([](Socket& socket, const Next& next) {
    const json::value* token = socket.auth().if_contains("token");
    if (token && *token == "good") return next(std::nullopt);
    next(ConnectError{.message = "No entry", .data = json::object{{"code", 7}}});
  });
  server.io.of("/chat").on_connection([&](Socket& socket) { server.events.push(json::serialize(socket.auth())); });
  server.start();
  auto client = server.connect();
  EXPECT_EQ(client.ask("0/chat,"), R"(4/chat,{"message":"No entry","data":{"code":7}})");
  EXPECT_EQ(client.ask(R"(0/chat,{"token":"bad"})"), R"(4/chat,{"message":"No entry","data":{"code":7}})");
  EXPECT_TRUE(server.events.empty());
  client.join("/chat", R"({"token":"good"})");
  EXPECT_EQ(server.events.next(), R"({"token":"good"})");
}

TEST(NamespaceTest, AsksItsMiddlewareInOrderUntilOneRefuses) {
  SocketIoServer server;
  const auto note = [&](const std::string& name, std::optional<ConnectError> verdict) {
    return [&server, name, verdict](Socket&, const Next& next) {
      server.events.push(name);
      next(verdict);
    };
  };
  Namespace& nsp = server.io.of("/");
  nsp.use(note("first", std::nullopt));
  nsp.use(note("second", ConnectError{.message = "second says no"}));
  nsp.use(note("third", std::nullopt));
  nsp.on_disconnect([&](Socket&, DisconnectReason) { server.events.push("disconnect"); });
  server.start();
  auto client = server.connect();
  EXPECT_EQ(client.ask("0"), R"(4{"message":"second says no"})");
  EXPECT_EQ(server.events.next(), "first");
  EXPECT_EQ(server.events.next(), "second");
  server.stop();
  EXPECT_TRUE(server.events.empty()) << "who never was connected is not disconnected";
}

TEST(NamespaceTest, AsksEachMiddlewareOnceThoughTheOneBeforeItSaysYesTwice) {
  Next answer;  // of the server's thread, which ends first
  SocketIoServer server;
  server.io.of("/").use([](Socket&, const Next& next) {
    next(std::nullopt);
    next(std::nullopt);
  });
  server.io.of("/").use([&](Socket&, Next next) {
    answer = std::move(next);
    server.events.push("asked");
  });
  server.start();
  auto client = server.connect();
  client.send("0");
  EXPECT_EQ(server.events.next(), "asked");
  server.io.shards()[0].post([&] { answer(std::nullopt); });
  EXPECT_TRUE(client.next().starts_with(R"(0{"sid")"));
  EXPECT_TRUE(server.events.empty());
}

TEST(NamespaceTest, LetsItsMiddlewareTakeItsTime) {
  Next answer;  // of the server's thread, which ends first
  SocketIoServer server;
  server.io.of("/").use([&](Socket&, Next next) {
    answer = std::move(next);
    server.events.push("asked");
  });
  server.start();
  auto client = server.connect();
  client.send("0");
  EXPECT_EQ(server.events.next(), "asked");
  server.io.shards()[0].post([&] {
    answer(std::nullopt);
    answer(ConnectError{.message = "changed its mind"});
    answer = nullptr;
  });
  EXPECT_TRUE(client.next().starts_with(R"(0{"sid")"));
  client.send("0/nowhere,");
  EXPECT_TRUE(client.next().starts_with("4/nowhere,")) << "the second answer counted for nothing";
}

TEST(NamespaceTest, AdmitsNobodyWhoHasGoneMeanwhile) {
  Next answer;  // of the server's thread, which ends first
  SocketIoServer server;
  server.io.of("/").use([&](Socket&, Next next) {
    answer = std::move(next);
    server.events.push("asked");
  });
  server.io.of("/").on_connection([&](Socket&) { server.events.push("connected"); });
  server.start();
  {
    auto client = server.connect();
    client.send("0");
    EXPECT_EQ(server.events.next(), "asked");
    client.send("1");  // from a namespace where nobody is yet: that breaks the protocol
    EXPECT_TRUE(client.ended());
  }
  server.io.shards()[0].post([&] {
    answer(std::nullopt);
    answer = nullptr;
    server.events.push("answered");
  });
  EXPECT_EQ(server.events.next(), "answered");
  EXPECT_TRUE(server.events.empty());
}

TEST(NamespaceTest, HandsAnEventToAllWhoWaitForIt) {
  SocketIoServer server;
  Namespace& nsp = server.io.of("/");
  nsp.on_connection([&](Socket& socket) { socket.on("tell", [&](Socket&, Event&) { server.events.push("this socket's"); }); });
  nsp.on("tell", [&](Socket&, Event& event) { server.events.push("first " + json::serialize(event.args)); });
  nsp.on("tell", [&](Socket&, Event&) { server.events.push("second"); });
  server.start();
  auto client = server.connect();
  client.join();
  client.send(R"(2["nobody waits for this"])");
  client.send(R"(2["tell",1,{"a":[null]},"x"])");
  EXPECT_EQ(server.events.next(), "this socket's");
  EXPECT_EQ(server.events.next(), R"(first [1,{"a":[null]},"x"])");
  EXPECT_EQ(server.events.next(), "second");
}

TEST(NamespaceTest, ReadsADescribedPayloadAndAcknowledgesWhatIsReturned) {
  SocketIoServer server;
  server.io.of("/").on("ask", [](const Wish& wish) { return wish.channelId + " " + std::to_string(wish.count.value_or(-1)); });
  server.io.of("/").on("return", [](Socket&, const Wish& wish) { return wish; });
  server.start();
  auto client = server.connect();
  client.join();
  EXPECT_EQ(client.ask(R"(21["ask",{"channelId":"a","count":2}])"), R"(31["a 2"])");
  EXPECT_EQ(client.ask(R"(22["return",{"channelId":"a"}])"), R"(32[{"channelId":"a"}])");
}

TEST(NamespaceTest, SaysWhichFieldOfAPayloadIsWrong) {
  SocketIoServer server;
  server.io.of("/").on("ask", [](const Wish& wish) { return wish.channelId; });
  server.start();
  auto client = server.connect();
  client.join();
  const std::string told = R"({"code":"VALIDATION_FAILED","message":"'channelId' of ask must be a string.",)"
                           R"("field":"channelId","event":"ask"})";
  EXPECT_EQ(client.ask(R"(21["ask",{"channelId":3}])"), R"(31[{"ok":false,"error":)" + told + "}]");
  EXPECT_EQ(client.ask(R"(2["ask",{"channelId":3}])"), R"(2["error",)" + told + "]");
  EXPECT_EQ(client.ask(R"(22["ask"])"),
            R"(32[{"ok":false,"error":{"code":"VALIDATION_FAILED","message":"The payload of ask must be an object.",)"
            R"("field":"","event":"ask"}}])");
}

TEST(NamespaceTest, GoesOnAfterAHandlerThatFailed) {
  SocketIoServer server;
  server.io.of("/").on("fail", [](Socket&, Event&) { throw std::runtime_error("by intent"); });
  server.io.of("/").on("ask", [](Socket&, Event& event) { event.ack("here"); });
  server.io.of("/").on_connection([](Socket&) { throw std::runtime_error("by intent"); });
  server.start();
  auto client = server.connect();
  client.join();
  EXPECT_THAT(client.ask(R"(2["fail"])"), ::testing::StartsWith(R"(2["error",{"code":"INTERNAL_ERROR")"));
  EXPECT_THAT(client.ask(R"(20["fail"])"), ::testing::StartsWith(R"(30[{"ok":false,"error":{"code":"INTERNAL_ERROR")"));
  EXPECT_EQ(client.ask(R"(21["ask"])"), R"(31["here"])");
}

}  // namespace
}  // namespace atrium::socketio
