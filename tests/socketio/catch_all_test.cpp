// Handlers for whatever comes in, and for whatever goes out.
#include <gmock/gmock.h>

#include "tests/support/handler_server.h"

namespace atrium::socketio {
namespace {

using namespace std::chrono_literals;
using test::EventQueue;
using test::HandlerServer;

class CatchAllTest : public ::testing::Test {
 protected:
  EventHandler note(const std::string& name) {
    return [this, name](Socket&, Event& event) { events.push(name + " " + event.name); };
  }
  OutgoingHandler note_outgoing(const std::string& name) {
    return [this, name](Socket&, const Outgoing& event) { events.push(name + " " + json::serialize(event.array)); };
  }
  void expect(std::initializer_list<const char*> all) {
    for (const auto* event : all) EXPECT_EQ(events.next(), event);
    server.settle();
    EXPECT_TRUE(events.empty());
  }

  HandlerServer server{{.shards = 2}};
  EventQueue& events = server.events();
};

TEST_F(CatchAllTest, HearsEveryEventBeforeItsOwnHandlers) {
  server.nsp.on_any(note("all"));
  server.nsp.on("x", note("own"));
  server.nsp.on_connection([this](Socket& socket) {
    socket.on_any(note("first"));
    socket.on_any(note("second"));
    socket.prepend_any(note("zeroth"));
    socket.on("x", note("socket's own"));
  });
  auto client = server.join();
  client.send(R"(2["x"])");
  expect({"zeroth x", "first x", "second x", "all x", "socket's own x", "own x"});
  client.send(R"(2["unknown",1])");
  expect({"zeroth unknown", "first unknown", "second unknown", "all unknown"});
}

TEST_F(CatchAllTest, IsTakenAwayOneByOneOrAltogether) {
  HandlerId second = 0;
  server.nsp.on_connection([&](Socket& socket) {
    socket.on_any(note("first"));
    second = socket.on_any(note("second"));
    socket.on_any(note("third"));
  });
  server.nsp.on("off second", [&](Socket& socket) {
    EXPECT_TRUE(socket.off(second));
    EXPECT_FALSE(socket.off(second));
  });
  server.nsp.on("off all", [](Socket& socket) { socket.off_any(); });
  auto client = server.join();
  client.send(R"(2["off second"])");
  expect({"first off second", "second off second", "third off second"});
  client.send(R"(2["off all"])");
  expect({"first off all", "third off all"});
  client.send(R"(2["x"])");
  expect({});
}

TEST_F(CatchAllTest, SeesWhatIsSaidToItsSocketInWhateverWay) {
  server.nsp.on("watch", [this](Socket& socket) { socket.on_any_outgoing(note_outgoing("out")); });
  server.nsp.on("say", [this](Socket& socket, Context& context) {
    socket.emit("directly", 1);
    socket.timeout(1h).emit_with_ack("asked", 2).then([](auto) {});
    server.nsp.emit("to all", 3);
    socket.to(socket.id()).emit("not to oneself");
    context.ack()("an answer is no event");
  });
  auto client = server.join();
  client.send(R"(2["watch"])");
  client.send(R"(21["say"])");
  expect({R"(out ["directly",1])", R"(out ["asked",2])", R"(out ["to all",3])"});
}

TEST_F(CatchAllTest, SeesWhatAnotherShardSays) {
  server.nsp.on("watch", [this](Socket& socket, Context& context) {
    socket.on_any_outgoing(note_outgoing("out"));
    context.ack()();
  });
  server.nsp.on("say", [this] { server.nsp.emit("x", Bytes("\x01"), "y"); });
  auto watching = server.join();
  auto speaking = server.join();
  EXPECT_EQ(watching.ask(R"(21["watch"])"), "31[]");
  speaking.send(R"(2["say"])");
  expect({R"(out ["x",{"_placeholder":true,"num":0},"y"])"});
}

TEST_F(CatchAllTest, KeepsTheOrderOfThoseWhoWatchWhatGoesOut) {
  server.nsp.on_any_outgoing(note_outgoing("all"));
  HandlerId first = 0;
  server.nsp.on_connection([&](Socket& socket) {
    first = socket.on_any_outgoing(note_outgoing("first"));
    socket.prepend_any_outgoing(note_outgoing("zeroth"));
    socket.emit("x");
    EXPECT_TRUE(socket.off(first));
    socket.emit("y");
    socket.off_any_outgoing();
    socket.emit("z");
  });
  auto client = server.join();
  expect({R"(zeroth ["x"])", R"(first ["x"])", R"(all ["x"])", R"(zeroth ["y"])", R"(all ["y"])", R"(all ["z"])"});
}

TEST_F(CatchAllTest, CostsNothingMoreWhenTheLastWatcherHasGone) {
  const auto watchers = [this] { return server.nsp.core()->outgoing_watchers.load(); };
  server.nsp.on_connection([&](Socket& socket) {
    const HandlerId a = socket.on_any_outgoing(note_outgoing("a"));
    socket.on_any_outgoing(note_outgoing("b"));
    EXPECT_EQ(watchers(), 1);
    socket.off(a);
    EXPECT_EQ(watchers(), 1);
    socket.off_any_outgoing();
    socket.off_any_outgoing();
    EXPECT_EQ(watchers(), 0);
    const HandlerId c = socket.on_any_outgoing(note_outgoing("c"));
    socket.off(c);
    EXPECT_EQ(watchers(), 0);
    socket.on_any_outgoing(note_outgoing("d"));
  });
  server.nsp.on_disconnect([this](Socket&, DisconnectReason) { events.push("disconnect"); });
  {
    auto client = server.join();
    client.send("1");
    EXPECT_EQ(events.next(), "disconnect");
  }
  server.settle();
  EXPECT_EQ(watchers(), 0) << "a socket takes its own with it";
}

}  // namespace
}  // namespace atrium::socketio
