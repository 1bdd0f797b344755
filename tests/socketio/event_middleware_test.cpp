// Whoever judges every event of a socket before its handlers.
#include <gmock/gmock.h>

#include "tests/support/handler_server.h"

namespace atrium::socketio {
namespace {

using test::EventQueue;
using test::HandlerServer;

class EventMiddlewareTest : public ::testing::Test {
 protected:
  EventMiddlewareTest() {
    server.nsp.on("x", [this](Event& event) {
      events.push("handled " + json::serialize(event.args));
      event.ack("done");
    });
    server.nsp.on_error([this](Socket&, const ConnectError& error) {
      events.push("refused " + error.message + (error.data ? json::serialize(*error.data) : ""));
    });
  }
  ~EventMiddlewareTest() override {
    server.stop();
    kept = nullptr;
  }
  EventMiddleware note(const std::string& name) {
    return [this, name](Socket&, Event&, const Next& next) {
      events.push(name);
      next(std::nullopt);
    };
  }
  void expect(std::initializer_list<const char*> all) {
    for (const auto* event : all) EXPECT_EQ(events.next(), event);
    server.settle();
    EXPECT_TRUE(events.empty());
  }

  HandlerServer server;
  EventQueue& events = server.events();
  Next kept;
};

TEST_F(EventMiddlewareTest, IsAskedInOrderThoseOfTheNamespaceFirst) {
  server.nsp.use_event(note("first"));
  server.nsp.use_event(note("second"));
  server.nsp.on_connection([this](Socket& socket) { socket.use(note("socket's")); });
  auto client = server.join();
  EXPECT_EQ(client.ask(R"(21["x",1])"), R"(31["done"])");
  expect({"first", "second", "socket's", "handled [1]"});
}

TEST_F(EventMiddlewareTest, MayChangeTheEvent) {
  server.nsp.use_event([](Socket&, Event& event, const Next& next) {
    event.args.push_back("added");
    if (event.name == "old name") event.name = "x";
    next(std::nullopt);
  });
  auto client = server.join();
  EXPECT_EQ(client.ask(R"(21["old name",1])"), R"(31["done"])");
  expect({R"(handled [1,"added"])"});
}

TEST_F(EventMiddlewareTest, MayRefuseWhichTheServerHearsAndTheClientDoesNot) {
  server.nsp.use_event([](Socket&, Event& event, const Next& next) {
    if (event.args.empty()) return next(ConnectError{.message = "empty", .data = json::object{{"code", 1}}});
    next(std::nullopt);
  });
  server.nsp.use_event(note("second"));
  server.nsp.on_connection([this](Socket& socket) {
    socket.on_error([this](Socket&, const ConnectError& error) { events.push("socket hears " + error.message); });
  });
  auto client = server.join();
  client.send(R"(21["x"])");
  EXPECT_EQ(client.ask(R"(22["x",1])"), R"(32["done"])") << "and nothing before it";
  expect({"socket hears empty", R"(refused empty{"code":1})", "second", "handled [1]"});
}

TEST_F(EventMiddlewareTest, HasLaterEventsWaitWhileItMakesUpItsMind) {
  server.nsp.use_event([this](Socket&, Event& event, Next next) {
    if (event.args.at(0) != 1) return next(std::nullopt);
    kept = std::move(next);
    events.push("asked");
  });
  auto client = server.join();
  client.send(R"(21["x",1])");
  client.send(R"(22["x",2])");
  expect({"asked"});
  server.on_shard(0, [&] {
    kept(std::nullopt);
    kept(ConnectError{.message = "changed its mind"});
  });
  EXPECT_EQ(client.next(), R"(31["done"])");
  EXPECT_EQ(client.next(), R"(32["done"])");
  expect({"handled [1]", "handled [2]"});
}

TEST_F(EventMiddlewareTest, LetsTheNextEventInWhenItRefusesLater) {
  server.nsp.use_event([this](Socket&, Event& event, Next next) {
    if (event.args.at(0) != 1) return next(std::nullopt);
    kept = std::move(next);
    events.push("asked");
  });
  auto client = server.join();
  client.send(R"(21["x",1])");
  client.send(R"(22["x",2])");
  expect({"asked"});
  server.on_shard(0, [&] { std::exchange(kept, nullptr)(ConnectError{.message = "no"}); });
  EXPECT_EQ(client.next(), R"(32["done"])");
  expect({"refused no", "handled [2]"});
}

TEST_F(EventMiddlewareTest, LetsTheNextEventInWhenItForgetsToAnswer) {
  server.nsp.use_event([](Socket&, Event& event, const Next& next) {
    if (event.args.at(0) != 1) next(std::nullopt);
  });
  auto client = server.join();
  client.send(R"(21["x",1])");
  EXPECT_EQ(client.ask(R"(22["x",2])"), R"(32["done"])");
}

TEST_F(EventMiddlewareTest, HandlesNothingMoreOfAClientThatHasGone) {
  server.nsp.use_event([this](Socket&, Event&, Next next) {
    kept = std::move(next);
    events.push("asked");
  });
  server.nsp.on_disconnect([this](Socket&, DisconnectReason) { events.push("disconnect"); });
  auto client = server.join();
  client.send(R"(21["x",1])");
  client.send("1");
  expect({"asked", "disconnect"});
  server.on_shard(0, [&] { std::exchange(kept, nullptr)(std::nullopt); });
  expect({});
}

TEST_F(EventMiddlewareTest, RefusesTheEventWhenItFails) {
  server.nsp.use_event([](Socket&, Event& event, const Next& next) {
    if (event.args.empty()) throw std::runtime_error("by intent");
    next(std::nullopt);
  });
  auto client = server.join();
  client.send(R"(21["x"])");
  EXPECT_EQ(client.ask(R"(22["x",1])"), R"(32["done"])");
  expect({"refused Internal server error", "handled [1]"});
}

TEST_F(EventMiddlewareTest, GoesOnAfterAnErrorHandlerThatFailed) {
  server.nsp.on_connection(
      [](Socket& socket) { socket.on_error([](Socket&, const ConnectError&) { throw std::runtime_error("by intent"); }); });
  server.nsp.use_event([this](Socket&, Event& event, Next next) {
    if (event.args.at(0) != 1) return next(std::nullopt);
    kept = std::move(next);
    events.push("asked");
  });
  auto client = server.join();
  client.send(R"(21["x",1])");
  expect({"asked"});
  server.on_shard(0, [&] { std::exchange(kept, nullptr)(ConnectError{.message = "no"}); });
  EXPECT_EQ(client.ask(R"(22["x",2])"), R"(32["done"])");
  expect({"refused no", "handled [2]"});
}

TEST_F(EventMiddlewareTest, MayBeTakenAway) {
  HandlerId id = 0;
  server.nsp.on_connection([&](Socket& socket) { id = socket.use(note("socket's")); });
  server.nsp.on("off", [&](Socket& socket) { EXPECT_TRUE(socket.off(id)); });
  auto client = server.join();
  client.send(R"(2["off"])");
  EXPECT_EQ(client.ask(R"(21["x",1])"), R"(31["done"])");
  expect({"socket's", "handled [1]"});
}

}  // namespace
}  // namespace atrium::socketio
