// What a handler may take and return, over real connections.
#include "socketio/typed_handler.h"

#include <gmock/gmock.h>

#include "tests/support/handler_server.h"

namespace atrium::socketio {

struct Point {
  std::int64_t x;
  std::optional<std::string> label;
};
BOOST_DESCRIBE_STRUCT(Point, (), (x, label))

struct Path {
  std::string name;
  std::vector<Point> points;
};
BOOST_DESCRIBE_STRUCT(Path, (), (name, points))

namespace {

using namespace std::string_literals;
using test::HandlerServer;
using ::testing::HasSubstr;

class TypedHandlerTest : public ::testing::Test {
 protected:
  /// What a client gets that says `event`, an array, to a server with `handler` for "x", and asks for an answer.
  template <class F>
  static std::string answer(F handler, const std::string& event) {
    HandlerServer server;
    server.nsp.on("x", std::move(handler));
    auto client = server.join();
    const std::string told = client.ask("21" + event);
    EXPECT_TRUE(told.starts_with("31")) << told;
    return told.substr(2);
  }
  static std::string failed(const std::string& code, const std::string& message, const std::string& field = {}) {
    return R"([{"ok":false,"error":{"code":")" + code + R"(","message":")" + message + R"(","field":")" + field +
           R"(","event":"x"}}])";
  }
};

TEST_F(TypedHandlerTest, TakesTheArgumentsOfTheEventInTheirOrder) {
  EXPECT_EQ(answer([](const std::string& a, std::int64_t b, bool c) { return a + std::to_string(b) + (c ? "yes" : "no"); },
                   R"(["x","a",2,true])"),
            R"(["a2yes"])");
  EXPECT_EQ(answer([](std::string a, double b) { return a + (b == 1.5 ? "!" : "?"); }, R"(["x","a",1.5])"), R"(["a!"])");
  EXPECT_EQ(answer([](std::vector<int> list) { return list.size(); }, R"(["x",[1,2,3]])"), "[3]");
  EXPECT_EQ(answer([](const json::value& any) { return any; }, R"(["x",{"any":[null]}])"), R"([{"any":[null]}])");
  EXPECT_EQ(answer([](Path&& path) { return path.name + path.points.at(1).label.value_or("none"); },
                   R"(["x",{"name":"p","points":[{"x":1,"label":"a"},{"x":2}]}])"),
            R"(["pnone"])");
}

TEST_F(TypedHandlerTest, TakesItsSurroundingsAnywhereAmongThem) {
  EXPECT_EQ(answer(
                [](const std::string& a, Socket& socket, int b, Event& event, Context& context) {
                  return a + std::to_string(b) + event.name + std::to_string(event.args.size()) +
                         (&context.socket() == &socket ? "same" : "other");
                },
                R"(["x","a",2])"),
            R"(["a2x2same"])");
  EXPECT_EQ(answer([](Context& context) { context.ack()(context.event().args); }, R"(["x",1,2])"), "[[1,2]]");
  EXPECT_EQ(answer([](const Socket& socket, const Event& event) { return socket.nsp() + event.name; }, R"(["x"])"),
            R"(["/x"])");
  EXPECT_EQ(answer([] { return 7; }, R"(["x","nobody looks at this"])"), "[7]");
}

TEST_F(TypedHandlerTest, TakesWhatMayBeMissing) {
  const auto handler = [](const std::optional<std::string>& a, std::optional<int> b) {
    return a.value_or("none") + std::to_string(b.value_or(-1));
  };
  EXPECT_EQ(answer(handler, R"(["x"])"), R"(["none-1"])");
  EXPECT_EQ(answer(handler, R"(["x",null,3])"), R"(["none3"])");
  EXPECT_EQ(answer(handler, R"(["x","a"])"), R"(["a-1"])");
  EXPECT_EQ(answer(handler, R"(["x","a","b"])"),
            failed("VALIDATION_FAILED", "The payload of x must be a whole number in range."));
}

TEST_F(TypedHandlerTest, TakesOctets) {
  HandlerServer server;
  server.nsp.on("x", [](const Bytes& first, const std::string& text, std::optional<Bytes> second) {
    return std::string(first.view()) + text + (second ? std::string(second->view()) : "none");
  });
  auto client = server.join();
  client.send(R"(52-1["x",{"_placeholder":true,"num":1},"-",{"_placeholder":true,"num":0}])");
  client.send_binary("zero");
  client.send_binary("one");
  EXPECT_EQ(client.next(), R"(31["one-zero"])");
  client.send(R"(51-2["x",{"_placeholder":true,"num":0},"-"])");
  client.send_binary("one");
  EXPECT_EQ(client.next(), R"(32["one-none"])");
  EXPECT_EQ(client.ask(R"(23["x","text"])"), "33" + failed("VALIDATION_FAILED", "The payload of x must be binary."));
}

TEST_F(TypedHandlerTest, SaysWhichFieldIsWrong) {
  const auto handler = [](const Path& path) { return path.name; };
  EXPECT_EQ(answer(handler, R"(["x",{"name":"p","points":[{"x":1},{"x":"2"}]}])"),
            failed("VALIDATION_FAILED", "'points.1.x' of x must be a whole number in range.", "points.1.x"));
  EXPECT_EQ(answer(handler, R"(["x",{"name":"p"}])"), failed("VALIDATION_FAILED", "'points' of x is missing.", "points"));
  EXPECT_EQ(answer(handler, R"(["x"])"), failed("VALIDATION_FAILED", "The payload of x must be an object."));
}

TEST_F(TypedHandlerTest, IsNotCalledForWhatItCannotRead) {
  HandlerServer server;
  server.nsp.on("x", [&](const std::string&) { server.events().push("called"); });
  auto client = server.join();
  EXPECT_THAT(client.ask(R"(2["x",1])"), HasSubstr("VALIDATION_FAILED")) << "told as an event where no answer is awaited";
  EXPECT_THAT(client.ask(R"(2["x"])"), HasSubstr("VALIDATION_FAILED"));
  client.send(R"(2["x","a"])");
  EXPECT_EQ(server.events().next(), "called");
  EXPECT_TRUE(server.events().empty());
}

TEST_F(TypedHandlerTest, AnswersWithWhatItReturns) {
  EXPECT_EQ(answer([] { return Point{1, "a"}; }, R"(["x"])"), R"([{"x":1,"label":"a"}])");
  EXPECT_EQ(answer([] { return std::vector<Point>{{1, {}}, {2, {}}}; }, R"(["x"])"), R"([[{"x":1},{"x":2}]])");
  EXPECT_EQ(answer([] { return "words"; }, R"(["x"])"), R"(["words"])");
  EXPECT_EQ(answer([] { return true; }, R"(["x"])"), "[true]");
  EXPECT_EQ(answer([] { return json::value(nullptr); }, R"(["x"])"), "[null]");
  EXPECT_EQ(answer([]() noexcept { return 1; }, R"(["x"])"), "[1]");
  EXPECT_EQ(answer(
                +[](int a) { return a; }, R"(["x",3])"),
            "[3]");
  EXPECT_EQ(answer(std::function<int(int)>([](int a) { return a + 1; }), R"(["x",3])"), "[4]");
}

TEST_F(TypedHandlerTest, AnswersWithOctets) {
  HandlerServer server;
  server.nsp.on("x", [] { return Bytes("\x01\x02"s); });
  auto client = server.join();
  EXPECT_EQ(client.ask(R"(21["x"])"), R"(61-1[{"_placeholder":true,"num":0}])");
  EXPECT_EQ(client.next_binary(), "\x01\x02");
}

TEST_F(TypedHandlerTest, AnswersNothingByItselfWhenItReturnsNothing) {
  EXPECT_EQ(answer([](Context& context) { context.ack()("by hand"); }, R"(["x"])"), R"(["by hand"])");
  EXPECT_EQ(answer(
                [](Context& context) -> Result<void, Refusal> {
                  context.ack()("by hand");
                  return {};
                },
                R"(["x"])"),
            R"(["by hand"])");
}

TEST_F(TypedHandlerTest, RefusesByResult) {
  const auto handler = [](int a) -> Result<std::string, Refusal> {
    if (a < 0) return Refusal("TOO_SMALL", "a is too small", "a");
    return std::string("fine");
  };
  EXPECT_EQ(answer(handler, R"(["x",1])"), R"(["fine"])");
  EXPECT_EQ(answer(handler, R"(["x",-1])"), failed("TOO_SMALL", "a is too small", "a"));
  const auto silent = [](int) -> Result<void, Refusal> { return Refusal("NEVER", "never"); };
  EXPECT_EQ(answer(silent, R"(["x",1])"), failed("NEVER", "never"));
}

TEST_F(TypedHandlerTest, RefusesByThrowing) {
  EXPECT_EQ(answer([](int) -> int { throw Refusal("NO", "not now", "when"); }, R"(["x",1])"), failed("NO", "not now", "when"));
  EXPECT_EQ(answer([] { throw Refusal("NO", "not now"); }, R"(["x"])"), failed("NO", "not now"));
}

TEST_F(TypedHandlerTest, TellsABugAsOneWithoutItsWords) {
  const std::string told = failed("INTERNAL_ERROR", "The server failed to handle this event.");
  EXPECT_EQ(answer([]() -> int { throw std::runtime_error("a secret"); }, R"(["x"])"), told);
  EXPECT_EQ(answer([](const json::value& a) { return a.as_object().at("missing"); }, R"(["x",1])"), told);
}

TEST_F(TypedHandlerTest, ServesCoroutinesLikeFunctions) {
  EXPECT_EQ(answer([](std::string a) -> Task<std::string> { co_return a + "!"; }, R"(["x","a"])"), R"(["a!"])");
  EXPECT_EQ(answer([](const Point& point) -> Task<Point> { co_return point; }, R"(["x",{"x":1}])"), R"([{"x":1}])");
  EXPECT_EQ(answer(
                [](Context& context) -> Task<> {
                  context.ack()("by hand");
                  co_return;
                },
                R"(["x"])"),
            R"(["by hand"])");
  EXPECT_EQ(answer(
                [](int) -> Task<int> {
                  throw Refusal("NO", "not now");
                  co_return 1;
                },
                R"(["x",1])"),
            failed("NO", "not now"));
  EXPECT_EQ(answer([](int) -> Task<Result<int, Refusal>> { co_return Refusal("NO", "never", "a"); }, R"(["x",1])"),
            failed("NO", "never", "a"));
  EXPECT_EQ(answer(
                [](int) -> Task<> {
                  throw std::runtime_error("a secret");
                  co_return;
                },
                R"(["x",1])"),
            failed("INTERNAL_ERROR", "The server failed to handle this event."));
  EXPECT_EQ(answer([](int) -> Task<int> { co_return 1; }, R"(["x"])"),
            failed("VALIDATION_FAILED", "The payload of x must be a whole number in range."));
}

TEST_F(TypedHandlerTest, LeavesTheEventToTheHandlersAfterIt) {
  HandlerServer server;
  server.nsp.on("x", [](std::string a) { a.clear(); });
  server.nsp.on("x", [](std::string a) { return a; });
  auto client = server.join();
  EXPECT_EQ(client.ask(R"(21["x","a"])"), R"(31["a"])");
}

}  // namespace
}  // namespace atrium::socketio
