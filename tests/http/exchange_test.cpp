#include "http/exchange.h"

#include <gtest/gtest.h>

#include "net/connection.h"
#include "tests/support/event_queue.h"
#include "tests/support/http_server.h"

namespace atrium::http {
namespace {

using namespace std::chrono_literals;
using test::FunctionHandler;
using test::HttpServer;

Response head_of_stream() { return {.status = 200, .headers = {{"Content-Type", "text/plain"}}, .body = {}}; }

/// Hands each exchange to the test, which uses it on its shard.
class ExchangeTest : public ::testing::Test {
 protected:
  std::shared_ptr<Exchange> take() {
    EXPECT_EQ(events.next(), "request");
    return server.shards().on(0, [this] { return std::exchange(held, nullptr); });
  }
  template <class Job>
  void on_shard(Job job) {
    server.shards().on(0, std::move(job));
  }

  test::EventQueue events;
  std::shared_ptr<Exchange> held;
  FunctionHandler handler{[this](std::shared_ptr<Exchange> exchange) {
    held = std::move(exchange);
    events.push("request");
  }};
  HttpServer server{handler};
};

constexpr std::string_view kGet = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_F(ExchangeTest, StreamsInChunks) {
  auto client = server.connect();
  client.send(kGet);
  auto exchange = take();
  on_shard([&] {
    exchange->start_stream(head_of_stream());
    exchange->write_stream("first");
  });
  EXPECT_EQ(client.read_head().headers.at("transfer-encoding"), "chunked");
  EXPECT_EQ(client.read_chunk(), "first");
  on_shard([&] { exchange->write_stream(std::string(1000, 'x')); });
  EXPECT_EQ(client.read_chunk(), std::string(1000, 'x'));
  on_shard([&] {
    exchange->end_stream();
    exchange->write_stream("too late");
    EXPECT_TRUE(exchange->over());
  });
  EXPECT_EQ(client.read_chunk(), "");
  client.send(kGet);
  auto next = take();
  on_shard([&] { next->respond({.status = 204, .headers = {}, .body = {}}); });
  EXPECT_EQ(client.read_answer().status, 204) << "the connection goes on after a stream";
}

TEST_F(ExchangeTest, StreamsToHttp10UntilTheConnectionCloses) {
  auto client = server.connect();
  client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  auto exchange = take();
  on_shard([&] {
    exchange->start_stream(head_of_stream());
    exchange->write_stream("plain");
    exchange->end_stream();
  });
  const auto answer = client.read_answer();
  EXPECT_FALSE(answer.headers.contains("transfer-encoding"));
  EXPECT_EQ(answer.body, "plain");
}

TEST_F(ExchangeTest, EndsAStreamThatNobodyHoldsAnyMore) {
  auto client = server.connect();
  client.send(kGet);
  auto exchange = take();
  on_shard([&] {
    exchange->start_stream(head_of_stream());
    exchange->write_stream("first");
    exchange.reset();
  });
  EXPECT_EQ(client.read_answer().body, "first");
}

TEST_F(ExchangeTest, KnowsWhatThePeerHasNotTaken) {
  auto client = server.connect();
  client.send(kGet);
  auto exchange = take();
  const std::string much(8 * 1024 * 1024, 'x');
  on_shard([&] {
    exchange->start_stream(head_of_stream());
    exchange->write_stream(much);
  });
  server.shards().settle();
  on_shard([&] { EXPECT_GT(exchange->stream_pending(), 0u); });
  EXPECT_EQ(client.read_head().status, 200);
  EXPECT_EQ(client.read_chunk(), much);
  on_shard([&] { exchange->end_stream(); });
  EXPECT_EQ(client.read_chunk(), "");
}

TEST_F(ExchangeTest, TellsWhenThePeerHasGone) {
  auto client = server.connect();
  client.send(kGet);
  auto exchange = take();
  on_shard([&] { exchange->on_abandoned([&] { events.push("abandoned"); }); });
  client.close();
  EXPECT_EQ(events.next(), "abandoned");
  on_shard([&] {
    EXPECT_TRUE(exchange->over());
    exchange->respond({.status = 200, .headers = {}, .body = "to nobody"});
    exchange->start_stream(head_of_stream());
    exchange->write_stream("to nobody");
    exchange->end_stream();
    EXPECT_EQ(exchange->stream_pending(), 0u);
  });
}

TEST_F(ExchangeTest, TellsWhenThePeerHasGoneInTheMidstOfAStream) {
  auto client = server.connect();
  client.send(kGet);
  auto exchange = take();
  on_shard([&] {
    exchange->on_abandoned([&] { events.push("abandoned"); });
    exchange->start_stream(head_of_stream());
  });
  client.read_head();
  client.reset();
  EXPECT_EQ(events.next(), "abandoned");
}

TEST_F(ExchangeTest, IsNotAbandonedAfterItsAnswer) {
  auto client = server.connect();
  client.send(kGet);
  auto exchange = take();
  on_shard([&] {
    exchange->on_abandoned([&] { events.push("abandoned"); });
    exchange->respond({.status = 204, .headers = {}, .body = {}});
  });
  EXPECT_EQ(client.read_answer().status, 204);
  client.close();
  while (server.shards().on(0, [&] { return server.shards()[0].connection_count(); }) > 0) server.shards().settle();
  EXPECT_TRUE(events.empty());
}

TEST_F(ExchangeTest, TakesOneAnswerOnly) {
  auto client = server.connect();
  client.send(kGet);
  auto exchange = take();
  on_shard([&] {
    exchange->respond({.status = 200, .headers = {}, .body = "first"});
    exchange->respond({.status = 200, .headers = {}, .body = "second"});
    EXPECT_TRUE(exchange->over());
  });
  EXPECT_EQ(client.read_answer().body, "first");
  client.send(kGet);
  auto next = take();
  on_shard([&] { next->respond({.status = 200, .headers = {}, .body = "third"}); });
  EXPECT_EQ(client.read_answer().body, "third");
}

/// What a connection speaks after an upgrade here.
class Shouting final : public net::Protocol {
 public:
  void on_open(net::Connection& connection) override { connection_ = &connection; }
  void on_bytes(std::span<char> bytes) override {
    std::string text(bytes.data(), bytes.size());
    for (char& c : text) c = static_cast<char>(std::toupper(c));
    connection_->send(Bytes(std::move(text)));
  }
  void on_closed(net::CloseCause) override {}

 private:
  net::Connection* connection_ = nullptr;
};

TEST_F(ExchangeTest, HandsTheConnectionOverWithTheOctetsThatFollowed) {
  auto client = server.connect();
  client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\nfirst ");
  auto exchange = take();
  on_shard([&] {
    EXPECT_TRUE(exchange->request().upgrade);
    exchange->upgrade("HTTP/1.1 101 Switching Protocols\r\n\r\n", std::make_unique<Shouting>());
    EXPECT_TRUE(exchange->over());
  });
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 101 Switching Protocols\r\n\r\n");
  EXPECT_EQ(client.read_exactly(6), "FIRST ");
  client.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(client.read_exactly(18), "GET / HTTP/1.1\r\n\r\n");
}

TEST_F(ExchangeTest, EndsTheConnectionAfterARawAnswer) {
  auto client = server.connect();
  client.send(kGet);
  auto exchange = take();
  on_shard([&] { exchange->respond_raw_and_close("HTTP/1.1 400 Bad Request\r\n\r\nno"); });
  EXPECT_EQ(client.read_to_end(), "HTTP/1.1 400 Bad Request\r\n\r\nno");
}

TEST(ExchangeMove, GoesOnAtAnotherShardWithTheSameRequestAndWhatFollowedIt) {
  net::Shard* second = nullptr;
  FunctionHandler handler([&](const std::shared_ptr<Exchange>& exchange) {
    const auto answer = [second](std::shared_ptr<Exchange> moved) {
      const bool there = net::Shard::current() == second && &moved->shard() == second;
      const std::string request = moved->request().target + moved->request().body;
      moved->respond({.status = 200, .headers = {}, .body = (there ? "there " : "elsewhere ") + request});
    };
    if (&exchange->shard() == second) {
      answer(exchange);
      return;
    }
    exchange->move_to(*second, answer);
    EXPECT_TRUE(exchange->over());
  });
  HttpServer server(handler, {}, 2);
  second = &server.shards()[1];
  auto client = server.connect();  // dealt to shard 0
  client.send("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n body" + std::string(kGet));
  EXPECT_EQ(client.read_answer().body, "there /1 body");
  EXPECT_EQ(client.read_answer().body, "there /a");
  EXPECT_EQ(client.get("/3").body, "there /3");
  EXPECT_EQ(server.shards().on(0, [&] { return server.shards()[0].connection_count(); }), 0u);
}

TEST(ExchangeMove, IsAnsweredLaterAtTheOtherShard) {
  test::EventQueue events;
  std::shared_ptr<Exchange> held;
  net::Shard* second = nullptr;
  FunctionHandler handler([&](const std::shared_ptr<Exchange>& exchange) {
    exchange->move_to(*second, [&](std::shared_ptr<Exchange> moved) {
      held = std::move(moved);
      events.push("moved");
    });
  });
  HttpServer server(handler, {}, 2);
  second = &server.shards()[1];
  auto client = server.connect();
  client.send(kGet);
  EXPECT_EQ(events.next(), "moved");
  server.shards().on(1, [&] { std::exchange(held, nullptr)->respond({.status = 200, .headers = {}, .body = "later"}); });
  EXPECT_EQ(client.read_answer().body, "later");
}

}  // namespace
}  // namespace atrium::http
