// Classes that state which events they handle.
#include "socketio/controller.h"

#include <gmock/gmock.h>

#include "tests/support/handler_server.h"

namespace atrium::socketio {

struct Greeting {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Greeting, (), (name))

namespace {

using test::HandlerServer;
using ::testing::HasSubstr;

class Greeter final : public Controller<Greeter> {
 public:
  static constexpr auto handlers() {
    return std::tuple{on_connect<&Greeter::connected>,
                      on_connect<&Greeter::settled>,
                      on_message<"greet", &Greeter::greet>,
                      on_message<"greet:later", &Greeter::greet_later>,
                      on_message<"count", &Greeter::count>,
                      on_message<"fail", &Greeter::fail_by_intent>,
                      on_message<"refuse", &Greeter::refuse_by_intent>,
                      on_disconnecting<&Greeter::disconnecting>,
                      on_disconnect<&Greeter::disconnected>};
  }
  explicit Greeter(HandlerServer& server) : server_(server) {}

  void connected(Socket& socket) { socket.data["count"] = 0; }
  Task<> settled(Socket& socket) {
    if (!socket.auth().contains("slow")) co_return;
    co_await server_.pass("door");
    if (socket.auth().contains("fail")) throw std::runtime_error("by intent");
    socket.emit("settled");
  }
  std::string greet(const Greeting& greeting) const { return "hello " + greeting.name; }
  Task<std::string> greet_later(Greeting greeting) {
    co_await server_.pass("later");
    co_return "hello at last " + greeting.name;
  }
  std::int64_t count(Socket& socket, std::optional<std::int64_t> by) {
    auto& count = socket.data["count"].as_int64();
    return count += by.value_or(1);
  }
  void fail_by_intent(Socket&) { throw std::runtime_error("by intent"); }
  Result<int, Refusal> refuse_by_intent() { return Refusal("NEVER", "never", "x"); }
  void disconnecting(Socket& socket, DisconnectReason) {
    server_.events().push("disconnecting with " + json::serialize(socket.data["count"]));
  }
  void disconnected(Socket&, DisconnectReason reason) { server_.events().push(std::string(to_string(reason))); }

 private:
  HandlerServer& server_;
};

class ControllerTest : public ::testing::Test {
 protected:
  ControllerTest() { greeter.attach(server.nsp); }
  ~ControllerTest() override { server.stop(); }

  HandlerServer server;
  Greeter greeter{server};
};

TEST_F(ControllerTest, HandlesWhatItsListNames) {
  auto client = server.join();
  EXPECT_EQ(client.ask(R"(21["greet",{"name":"Anna"}])"), R"(31["hello Anna"])");
  EXPECT_EQ(client.ask(R"(22["count"])"), "32[1]");
  EXPECT_EQ(client.ask(R"(23["count",5])"), "33[6]");
  client.send("1");
  EXPECT_EQ(server.events().next(), "disconnecting with 6");
  EXPECT_EQ(server.events().next(), "client namespace disconnect");
}

TEST_F(ControllerTest, KeepsWhatBelongsToASocketWithTheSocket) {
  auto first = server.join();
  auto second = server.join();
  EXPECT_EQ(first.ask(R"(21["count",5])"), "31[5]");
  EXPECT_EQ(second.ask(R"(21["count"])"), "31[1]");
}

TEST_F(ControllerTest, MayTakeItsTime) {
  auto client = server.join();
  client.send(R"(21["greet:later",{"name":"Anna"}])");
  client.send(R"(22["count"])");
  EXPECT_EQ(server.events().next(), "at later");
  server.open("later");
  EXPECT_EQ(client.next(), R"(31["hello at last Anna"])");
  EXPECT_EQ(client.next(), "32[1]");
}

TEST_F(ControllerTest, KeepsEarlyEventsUntilTheClientHasSettled) {
  auto client = server.join("/", R"({"slow":true})");
  client.send(R"(21["count"])");
  client.send(R"(22["greet",{"name":"Anna"}])");
  EXPECT_EQ(server.events().next(), "at door");
  server.settle();
  server.open("door");
  EXPECT_EQ(client.next(), R"(2["settled"])");
  EXPECT_EQ(client.next(), "31[1]");
  EXPECT_EQ(client.next(), R"(32["hello Anna"])");
}

TEST_F(ControllerTest, KeepsOnlySoManyEarlyEvents) {
  HandlerServer small({.shards = 1, .limits = {.max_waiting_events = 2}});
  Greeter controller(small);
  controller.attach(small.nsp);
  auto client = small.join("/", R"({"slow":true})");
  for (int i = 1; i <= 3; ++i) client.send("2" + std::to_string(i) + R"(["count"])");
  EXPECT_THAT(client.next(), HasSubstr("TOO_MANY_EVENTS"));
  small.open("door");
  EXPECT_EQ(client.next(), R"(2["settled"])");
  EXPECT_EQ(client.next(), "31[1]");
  EXPECT_EQ(client.next(), "32[2]");
  small.stop();
}

TEST_F(ControllerTest, GoesOnAfterAConnectionHandlerThatFailed) {
  auto client = server.join("/", R"({"slow":true,"fail":true})");
  client.send(R"(21["count"])");
  EXPECT_EQ(server.events().next(), "at door");
  server.open("door");
  EXPECT_EQ(client.next(), "31[1]");
}

TEST_F(ControllerTest, OutlivesAClientThatGoesBeforeItHasSettled) {
  auto client = server.join("/", R"({"slow":true})");
  EXPECT_EQ(server.events().next(), "at door");
  client.send("1");
  EXPECT_EQ(server.events().next(), "disconnecting with 0");
  EXPECT_EQ(server.events().next(), "client namespace disconnect");
  server.open("door");
  EXPECT_EQ(client.join().size(), 20u);
}

TEST_F(ControllerTest, TellsTheClientWhatItRefuses) {
  auto client = server.join();
  EXPECT_EQ(client.ask(R"(21["refuse"])"),
            R"(31[{"ok":false,"error":{"code":"NEVER","message":"never","field":"x","event":"refuse"}}])");
  EXPECT_THAT(client.ask(R"(22["fail"])"), HasSubstr("INTERNAL_ERROR"));
  EXPECT_THAT(client.ask(R"(23["greet",{}])"), HasSubstr(R"("field":"name")"));
}

/// Has its own ways to let events in and to tell what became of them.
class Strict final : public Controller<Strict> {
 public:
  static constexpr auto handlers() {
    return std::tuple{on_message<"x", &Strict::handle>, on_message<"x:later", &Strict::handle_later>};
  }
  explicit Strict(HandlerServer& server) : server_(server) {}

  bool admit(Context& context) const {
    if (!context.event().args.empty() && context.event().args[0] == "password") return true;
    context.ack()("who are you?");
    return false;
  }
  void refuse(Context& context, const Refusal& refusal) const { context.ack()("refused", refusal.code()); }
  void fail(Context& context, const std::exception& error) const { context.ack()("failed", error.what()); }

  std::string handle(const std::string&, int number) {
    server_.events().push("handled");
    if (number < 0) throw std::runtime_error("negative");
    return "done";
  }
  Task<Result<std::string, Refusal>> handle_later(std::string, int number) {
    server_.events().push("handled");
    if (number < 0) throw std::runtime_error("negative");
    co_return Refusal("NO", "no");
  }

 private:
  HandlerServer& server_;
};

TEST(StrictControllerTest, LetsInAndRefusesInItsOwnWay) {
  HandlerServer server;
  Strict strict(server);
  strict.attach(server.nsp);
  auto client = server.join();
  EXPECT_EQ(client.ask(R"(21["x"])"), R"(31["who are you?"])");
  EXPECT_EQ(client.ask(R"(22["x:later","guess","nonsense"])"), R"(32["who are you?"])") << "asked before the payload is read";
  EXPECT_TRUE(server.events().empty());
  EXPECT_EQ(client.ask(R"(23["x","password",1])"), R"(33["done"])");
  EXPECT_EQ(client.ask(R"(24["x","password","one"])"), R"(34["refused","VALIDATION_FAILED"])");
  EXPECT_EQ(client.ask(R"(25["x","password",-1])"), R"(35["failed","negative"])");
  EXPECT_EQ(client.ask(R"(26["x:later","password",1])"), R"(36["refused","NO"])");
  EXPECT_EQ(client.ask(R"(27["x:later","password",-1])"), R"(37["failed","negative"])");
  server.stop();
}

}  // namespace
}  // namespace atrium::socketio
