// The events of one client are handled in the order in which it sent them, whatever their handlers wait for.
#include <gmock/gmock.h>

#include "tests/support/handler_server.h"

namespace atrium::socketio {
namespace {

using test::EventQueue;
using test::HandlerServer;
using test::SocketIoClient;
using ::testing::HasSubstr;

class EventOrderTest : public ::testing::Test {
 protected:
  explicit EventOrderTest(SocketLimits limits = {}) : server({.shards = 1, .limits = limits}) {
    server.nsp.on("slow", [this](std::string name) -> Task<std::string> {
      events.push("begin " + name);
      co_await server.pass(name);
      events.push("end " + name);
      co_return name;
    });
    server.nsp.on("fast", [this](const std::string& name) {
      events.push("fast " + name);
      return name;
    });
  }

  HandlerServer server;
  EventQueue& events = server.events();
};

TEST_F(EventOrderTest, HasEventsWaitForACoroutineOfTheSameSender) {
  auto client = server.join();
  auto other = server.join();
  client.send(R"(21["slow","a"])");
  client.send(R"(22["fast","b"])");
  client.send(R"(23["slow","c"])");
  client.send(R"(24["fast","d"])");
  EXPECT_EQ(events.next(), "begin a");
  EXPECT_EQ(events.next(), "at a");
  EXPECT_EQ(other.ask(R"(21["fast","other"])"), R"(31["other"])") << "others need not wait";
  EXPECT_EQ(events.next(), "fast other");
  EXPECT_TRUE(events.empty());
  server.open("a");
  for (const auto* event : {"end a", "fast b", "begin c", "at c"}) EXPECT_EQ(events.next(), event);
  EXPECT_EQ(client.next(), R"(31["a"])");
  EXPECT_EQ(client.next(), R"(32["b"])");
  EXPECT_TRUE(events.empty());
  server.open("c");
  EXPECT_EQ(client.next(), R"(33["c"])");
  EXPECT_EQ(client.next(), R"(34["d"])");
}

TEST_F(EventOrderTest, LetsTheNextInWhenTheHandlerSaysSo) {
  server.nsp.on("early", [this](Context& context, std::string name) -> Task<std::string> {
    events.push("begin " + name);
    context.let_next_in();
    co_await server.pass(name);
    co_return name;
  });
  auto client = server.join();
  client.send(R"(21["early","a"])");
  client.send(R"(22["early","b"])");
  client.send(R"(23["fast","c"])");
  for (const auto* event : {"begin a", "at a", "begin b", "at b", "fast c"}) EXPECT_EQ(events.next(), event);
  EXPECT_EQ(client.next(), R"(33["c"])");
  server.open("b");
  EXPECT_EQ(client.next(), R"(32["b"])");
  server.open("a");
  EXPECT_EQ(client.next(), R"(31["a"])");
}

TEST_F(EventOrderTest, LetsWaitingEventsInOneAfterTheOther) {
  server.nsp.on("early", [this](Context& context, std::string name) -> Task<> {
    events.push("begin " + name);
    context.let_next_in();
    events.push("said " + name);
    co_return;
  });
  auto client = server.join();
  client.send(R"(21["slow","a"])");
  for (const auto* name : {"b", "c", "d"}) client.send(R"(2["early",")" + std::string(name) + "\"]");
  client.send(R"(2["fast","e"])");
  EXPECT_EQ(events.next(), "begin a");
  EXPECT_EQ(events.next(), "at a");
  server.settle();
  server.open("a");
  EXPECT_EQ(events.next(), "end a");
  for (const auto* name : {"b", "c", "d"}) {
    EXPECT_EQ(events.next(), std::string("begin ") + name);
    EXPECT_EQ(events.next(), std::string("said ") + name) << "a handler is not called within another";
  }
  EXPECT_EQ(events.next(), "fast e");
}

TEST_F(EventOrderTest, GoesOnAfterACoroutineThatFailed) {
  server.nsp.on("fail", [this](Socket&) -> Task<> {
    co_await server.pass("fail");
    throw std::runtime_error("by intent");
  });
  auto client = server.join();
  client.send(R"(21["fail"])");
  client.send(R"(22["fast","b"])");
  EXPECT_EQ(events.next(), "at fail");
  server.open("fail");
  EXPECT_THAT(client.next(), HasSubstr("INTERNAL_ERROR"));
  EXPECT_EQ(client.next(), R"(32["b"])");
}

TEST_F(EventOrderTest, DoesNotMakeAnswersWait) {
  server.nsp.on("ask", [this](Socket& socket) -> Task<std::string> {
    const auto answer = co_await socket.timeout(std::chrono::hours(1)).emit_with_ack("question");
    co_return std::string(answer->args.at(0).as_string());
  });
  auto client = server.join();
  client.send(R"(21["ask"])");
  client.send(R"(22["fast","b"])");
  EXPECT_EQ(client.next(), R"(20["question"])");
  client.send(R"(30["answer"])");
  EXPECT_EQ(client.next(), R"(31["answer"])");
  EXPECT_EQ(client.next(), R"(32["b"])");
}

TEST_F(EventOrderTest, DropsWhatWaitedOfAClientThatHasGone) {
  server.nsp.on_disconnect([this](Socket&, DisconnectReason) { events.push("disconnect"); });
  auto client = server.join();
  client.send(R"(21["slow","a"])");
  client.send(R"(22["fast","b"])");
  client.send("1");
  for (const auto* event : {"begin a", "at a", "disconnect"}) EXPECT_EQ(events.next(), event);
  server.open("a");
  EXPECT_EQ(events.next(), "end a") << "the handler itself goes on";
  server.settle();
  EXPECT_TRUE(events.empty());
}

class FewPlacesTest : public EventOrderTest {
 protected:
  FewPlacesTest() : EventOrderTest({.max_waiting_events = 3, .max_waiting_octets = 1000}) {}
};

TEST_F(FewPlacesTest, RefusesWhatFindsNoPlaceToWait) {
  auto client = server.join();
  client.send(R"(20["slow","a"])");
  for (int i = 1; i <= 5; ++i) client.send("2" + std::to_string(i) + R"(["fast","b"])");
  client.send(R"(2["fast","without an answer"])");
  const std::string error =
      R"({"code":"TOO_MANY_EVENTS","message":"Too many events of this connection wait to be handled; slow down.",)"
      R"("field":"","event":"fast"})";
  EXPECT_EQ(client.next(), R"(34[{"ok":false,"error":)" + error + "}]");
  EXPECT_EQ(client.next(), R"(35[{"ok":false,"error":)" + error + "}]");
  EXPECT_EQ(client.next(), R"(2["error",)" + error + "]");
  server.open("a");
  EXPECT_EQ(client.next(), R"(30["a"])");
  for (int i = 1; i <= 3; ++i) EXPECT_EQ(client.next(), "3" + std::to_string(i) + R"(["b"])");
  EXPECT_EQ(client.ask(R"(26["fast","c"])"), R"(36["c"])") << "there is place again";
}

TEST_F(FewPlacesTest, CountsOctetsToo) {
  server.nsp.on("octets", [](const Bytes& octets) { return octets.size(); });
  auto client = server.join();
  client.send(R"(20["slow","a"])");
  client.send(R"(51-1["octets",{"_placeholder":true,"num":0}])");
  client.send_binary(std::string(600, 'x'));
  client.send(R"(51-2["octets",{"_placeholder":true,"num":0}])");
  client.send_binary(std::string(600, 'x'));
  client.send(R"(23["fast","small"])");
  EXPECT_THAT(client.next(), HasSubstr("TOO_MANY_EVENTS"));
  server.open("a");
  EXPECT_EQ(client.next(), R"(30["a"])");
  EXPECT_EQ(client.next(), "31[600]");
  EXPECT_EQ(client.next(), R"(33["small"])");
}

TEST_F(FewPlacesTest, LeavesTheRefusalToWhoeverWantsToSayIt) {
  server.nsp.on_overflow([](Socket& socket, Event& event) { socket.emit("full", event.name, event.args); });
  auto client = server.join();
  client.send(R"(20["slow","a"])");
  for (int i = 1; i <= 4; ++i) client.send("2" + std::to_string(i) + R"(["fast","b"])");
  EXPECT_EQ(client.next(), R"(2["full","fast",["b"]])");
  server.open("a");
  EXPECT_EQ(client.next(), R"(30["a"])");
}

TEST_F(FewPlacesTest, GoesOnAfterAnOverflowHandlerThatFailed) {
  server.nsp.on_overflow([](Socket&, Event&) { throw std::runtime_error("by intent"); });
  auto client = server.join();
  client.send(R"(20["slow","a"])");
  for (int i = 1; i <= 4; ++i) client.send("2" + std::to_string(i) + R"(["fast","b"])");
  EXPECT_EQ(events.next(), "begin a");
  server.settle();
  server.open("a");
  EXPECT_EQ(client.next(), R"(30["a"])");
  for (int i = 1; i <= 3; ++i) EXPECT_EQ(client.next(), "3" + std::to_string(i) + R"(["b"])");
}

}  // namespace
}  // namespace atrium::socketio
