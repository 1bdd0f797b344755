// Handlers that a socket has alone: for once, and taken away, also while they are being called.
#include <gmock/gmock.h>

#include "tests/support/handler_server.h"

namespace atrium::socketio {
namespace {

using test::EventQueue;
using test::HandlerServer;
using test::SocketIoClient;

class OnceOffTest : public ::testing::Test {
 protected:
  void setup(ConnectionHandler handler) { server.nsp.on_connection(std::move(handler)); }
  std::function<void()> note(const std::string& what) {
    return [this, what] { events.push(what); };
  }
  /// What happens when a client says "x".
  std::string heard(SocketIoClient& client) {
    EXPECT_TRUE(client.ask(R"(21["x"])").starts_with("31"));
    std::string all;
    while (!events.empty()) all += (all.empty() ? "" : " ") + events.next();
    return all;
  }
  SocketIoClient join() {
    server.nsp.on("x", [](Event& event) { event.ack(); });
    return server.join();
  }

  HandlerServer server;
  EventQueue& events = server.events();
};

TEST_F(OnceOffTest, CallsOnceWhatIsForOnce) {
  setup([this](Socket& socket) {
    socket.once("x", note("once"));
    socket.on("x", note("always"));
    socket.once("x", note("too"));
  });
  auto client = join();
  EXPECT_EQ(heard(client), "once always too");
  EXPECT_EQ(heard(client), "always");
}

TEST_F(OnceOffTest, CallsOnceAlsoWhenTheSameEventComesMeanwhile) {
  setup([this](Socket& socket) {
    socket.once("x", [this](Socket& s, Event& event) {
      events.push("once");
      if (event.args.empty()) s.once("x", note("again"));
    });
  });
  auto client = join();
  EXPECT_EQ(heard(client), "once");
  EXPECT_EQ(heard(client), "again");
  EXPECT_EQ(heard(client), "");
}

TEST_F(OnceOffTest, TakesOneAwayByItsId) {
  setup([this](Socket& socket) {
    socket.on("x", note("a"));
    const HandlerId b = socket.on("x", note("b"));
    const HandlerId c = socket.once("x", note("c"));
    socket.on("x", note("d"));
    EXPECT_TRUE(socket.off(b));
    EXPECT_TRUE(socket.off(c));
    EXPECT_FALSE(socket.off(b));
    EXPECT_FALSE(socket.off(9999));
  });
  auto client = join();
  EXPECT_EQ(heard(client), "a d");
}

TEST_F(OnceOffTest, TakesAllOfAnEventAwayButNotThoseOfTheNamespace) {
  server.nsp.on("x", note("namespace's"));
  setup([this](Socket& socket) {
    socket.on("x", note("a"));
    socket.on("y", note("y"));
    socket.on_any([this](Socket&, Event&) { events.push("any"); });
    socket.off("x");
    socket.off("no such event");
  });
  auto client = join();
  EXPECT_EQ(heard(client), "any namespace's");
  client.send(R"(2["y"])");
  EXPECT_EQ(events.next(), "any");
  EXPECT_EQ(events.next(), "y");
}

TEST_F(OnceOffTest, CallsThoseOfThisTimeThoughOneTakesThemAway) {
  setup([this](Socket& socket) {
    socket.on("x", [this](Socket& s) {
      events.push("a");
      s.off("x");
    });
    socket.on("x", note("b"));
  });
  auto client = join();
  EXPECT_EQ(heard(client), "a b") << "as in Node: a copy of the list is called";
  EXPECT_EQ(heard(client), "");
}

TEST_F(OnceOffTest, LetsAHandlerTakeItselfAwayAndOutliveThat) {
  auto big = std::make_shared<std::string>(1000, 'x');
  setup([&, this](Socket& socket) {
    auto id = std::make_shared<HandlerId>(0);
    *id = socket.on("x", [this, id, kept = std::string(1000, 'y')](Socket& s) {
      EXPECT_TRUE(s.off(*id));
      events.push(kept.substr(0, 1));
    });
  });
  auto client = join();
  EXPECT_EQ(heard(client), "y");
  EXPECT_EQ(heard(client), "");
}

TEST_F(OnceOffTest, LetsAHandlerAddMoreForTheNextTime) {
  setup([this](Socket& socket) {
    socket.on("x", [this](Socket& s) {
      events.push("a");
      for (int i = 0; i < 50; ++i) s.on("event " + std::to_string(i), note("never"));
      s.once("x", note("b"));
    });
  });
  auto client = join();
  EXPECT_EQ(heard(client), "a");
  EXPECT_EQ(heard(client), "a b");
}

TEST_F(OnceOffTest, LetsAHandlerDisconnectBeforeTheOthersAreCalled) {
  setup([this](Socket& socket) {
    socket.on("bye", [](Socket& s) { s.disconnect(); });
    socket.on("bye", [this](Socket& s) { events.push(s.connected() ? "connected" : "gone"); });
  });
  auto client = join();
  EXPECT_EQ(client.ask(R"(2["bye"])"), "1");
  EXPECT_EQ(events.next(), "gone");
}

TEST_F(OnceOffTest, TakesEveryKindAway) {
  setup([this](Socket& socket) {
    const auto ended = [this](Socket&, DisconnectReason) { events.push("never"); };
    for (const HandlerId id :
         {socket.on_disconnect(ended), socket.on_disconnecting(ended), socket.on_drain([](Socket&) {}),
          socket.on_error([](Socket&, const ConnectError&) {}), socket.use([](Socket&, Event&, const Next&) {}),
          socket.on_any([](Socket&, Event&) {}), socket.on_any_outgoing([](Socket&, const Outgoing&) {})}) {
      EXPECT_TRUE(socket.off(id));
      EXPECT_FALSE(socket.off(id));
    }
  });
  server.nsp.on_disconnect([this](Socket&, DisconnectReason) { events.push("namespace's"); });
  auto client = join();
  EXPECT_EQ(heard(client), "");
  client.send("1");
  EXPECT_EQ(events.next(), "namespace's");
  EXPECT_TRUE(events.empty());
}

TEST_F(OnceOffTest, KeepsReservedNamesForItself) {
  for (const std::string name : {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"}) {
    EXPECT_THROW(server.nsp.emit(name), std::logic_error);
    EXPECT_THROW(server.nsp.to("red").emit(name, 1), std::logic_error);
    EXPECT_THROW((void)server.nsp.emit_with_ack(name), std::logic_error);
  }
  for (const std::string name : {"connect", "connection", "new_namespace"}) {
    EXPECT_THROW(server.nsp.server_side_emit(name), std::logic_error);
    EXPECT_THROW((void)server.nsp.server_side_emit_with_ack(name, 1), std::logic_error);
    EXPECT_THROW(server.nsp.on_server_side(name, [](auto&&...) {}), std::logic_error);
  }
  EXPECT_NO_THROW(server.nsp.emit("connected"));
  setup([](Socket& socket) {
    EXPECT_THROW(socket.emit("disconnect"), std::logic_error);
    EXPECT_THROW(socket.volatile_().emit("disconnecting"), std::logic_error);
    EXPECT_THROW((void)socket.emit_with_ack("connect"), std::logic_error);
    EXPECT_THROW(socket.to("red").emit("newListener"), std::logic_error);
  });
  auto client = join();
  EXPECT_EQ(heard(client), "");
}

}  // namespace
}  // namespace atrium::socketio
