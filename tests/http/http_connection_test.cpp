#include "http/http_connection.h"

#include <gtest/gtest.h>

#include "tests/support/event_queue.h"
#include "tests/support/http_server.h"

namespace atrium::http {
namespace {

using namespace std::chrono_literals;
using test::FunctionHandler;
using test::HttpServer;
using test::TcpClient;

/// Answers with what was asked.
void mirror(const std::shared_ptr<Exchange>& exchange) {
  const Request& request = exchange->request();
  exchange->respond({.status = 200,
                     .headers = {{"X-Peer", request.peer}},
                     .body = request.method + " " + request.target + " " + request.body});
}

TEST(HttpConnection, AnswersARequest) {
  FunctionHandler handler(mirror);
  HttpServer server(handler);
  auto client = server.connect();
  const auto answer = client.ask("POST", "/a?b=c", {}, "hello");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "POST /a?b=c hello");
  EXPECT_EQ(answer.headers.at("x-peer"), "127.0.0.1");
  EXPECT_EQ(answer.headers.at("connection"), "keep-alive");
  EXPECT_TRUE(answer.headers.at("date").ends_with(" GMT"));
}

TEST(HttpConnection, KeepsTheConnectionForTheNextRequest) {
  FunctionHandler handler(mirror);
  HttpServer server(handler);
  auto client = server.connect();
  for (const char* target : {"/1", "/2", "/3"}) EXPECT_EQ(client.get(target).body, std::string("GET ") + target + " ");
}

TEST(HttpConnection, AnswersARequestCutAnywhere) {
  FunctionHandler handler(mirror);
  HttpServer server(handler);
  auto client = server.connect();
  const std::string request = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    client.send(request.substr(0, cut));
    server.shards().settle();
    client.send(request.substr(cut));
    EXPECT_EQ(client.read_answer().body, "POST /a hello") << "cut at " << cut;
  }
}

TEST(HttpConnection, ClosesWhenAskedTo) {
  FunctionHandler handler(mirror);
  HttpServer server(handler);
  auto client = server.connect();
  const auto answer = client.get("/", "Connection: close\r\n");
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(client.ended());
}

TEST(HttpConnection, ClosesAfterTheAnswerToHttp10) {
  FunctionHandler handler(mirror);
  HttpServer server(handler);
  auto client = server.connect();
  client.send("GET /old HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "GET /old ");
  EXPECT_TRUE(client.ended());
}

TEST(HttpConnection, AnswersHeadWithoutABody) {
  FunctionHandler handler(mirror);
  HttpServer server(handler);
  auto client = server.connect();
  const auto answer = client.ask("HEAD", "/a");
  EXPECT_EQ(answer.headers.at("content-length"), std::to_string(std::string("HEAD /a ").size()));
  EXPECT_EQ(client.get("/next").body, "GET /next ") << "nothing of a body lay before it";
}

TEST(HttpConnection, AnswersPipelinedRequestsInOrderThoughTheyAreAnsweredLater) {
  test::EventQueue events;
  std::vector<std::shared_ptr<Exchange>> held;
  FunctionHandler handler([&](std::shared_ptr<Exchange> exchange) {
    events.push(exchange->request().target);
    held.push_back(std::move(exchange));
  });
  HttpServer server(handler);
  auto client = server.connect();
  client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(events.next(), "/1");
  server.shards().settle();
  EXPECT_TRUE(events.empty()) << "one exchange at a time";
  server.shards().on(0, [&] { mirror(held[0]); });
  EXPECT_EQ(events.next(), "/2");
  server.shards().on(0, [&] { mirror(held[1]); });
  EXPECT_EQ(client.read_answer().body, "GET /1 ");
  EXPECT_EQ(client.read_answer().body, "GET /2 ");
  server.shards().on(0, [&] { held.clear(); });
}

TEST(HttpConnection, AnswersManyPipelinedRequests) {
  FunctionHandler handler(mirror);
  HttpServer server(handler);
  auto client = server.connect();
  std::string requests;
  for (int i = 0; i < 2000; ++i) requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  client.send(requests);
  for (int i = 0; i < 2000; ++i) ASSERT_EQ(client.read_answer().body, "GET /" + std::to_string(i) + " ");
}

TEST(HttpConnection, DropsAPeerThatPipelinesWithoutBound) {
  test::EventQueue events;
  std::shared_ptr<Exchange> held;
  FunctionHandler handler([&](std::shared_ptr<Exchange> exchange) {
    exchange->on_abandoned([&] { events.push("abandoned"); });
    held = std::move(exchange);
    events.push("held");
  });
  HttpServer server(handler, {.limits = {.max_head = 1000, .max_body = 1000}});
  auto client = server.connect();
  client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(events.next(), "held");
  client.send(std::string(2001, 'x'));
  EXPECT_EQ(events.next(), "abandoned");
  EXPECT_TRUE(client.ended());
  server.shards().on(0, [&] { held.reset(); });
}

TEST(HttpConnection, TellsAPeerThatWaitsToSendItsBody) {
  FunctionHandler handler(mirror);
  HttpServer server(handler);
  auto client = server.connect();
  client.send("POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hello");
  EXPECT_EQ(client.read_answer().body, "POST /a hello");
}

TEST(HttpConnection, RefusesWhatItCannotTake) {
  FunctionHandler handler(mirror);
  HttpServer server(handler, {.limits = {.max_head = 1000, .max_body = 10}});
  const std::vector<std::pair<std::string, int>> cases{
      {"nonsense\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nX: " + std::string(2000, 'x') + "\r\n\r\n", 431},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world", 413},
  };
  for (const auto& [request, status] : cases) {
    auto client = server.connect();
    client.send(request);
    const auto answer = client.read_answer();
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.headers.at("connection"), "close");
    EXPECT_TRUE(client.ended());
  }
}

TEST(HttpConnection, TellsAPeerOfATooLargeBodyThoughItIsStillSendingIt) {
  FunctionHandler handler(mirror);
  HttpServer server(handler);
  auto client = server.connect();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n");
  client.send(std::string(4'000'000, 'x'));
  EXPECT_EQ(client.read_answer().status, 413);
}

TEST(HttpConnection, AnswersWhatNobodyAnswered) {
  FunctionHandler handler([](const std::shared_ptr<Exchange>&) {});
  HttpServer server(handler);
  auto client = server.connect();
  EXPECT_EQ(client.get("/").status, 500);
  EXPECT_EQ(client.get("/").status, 500) << "and goes on";
}

TEST(HttpConnection, ClosesAConnectionThatSaysNothingInTime) {
  FunctionHandler handler(mirror);
  HttpServer server(handler, {.idle_timeout = 30s});
  auto client = server.connect();
  server.shards().settle();
  server.shards().settle();
  ASSERT_EQ(client.get("/").status, 200);
  server.shards().advance(30s - 1ns);
  client.send("GET / HTTP/1.1\r\n");  // half a request is no request
  server.shards().settle();
  EXPECT_EQ(server.shards().on(0, [&] { return server.shards()[0].connection_count(); }), 1u);
  server.shards().advance(1ns);
  EXPECT_TRUE(client.ended());
}

TEST(HttpConnection, LeavesAnExchangeAllTheTimeItTakes) {
  test::EventQueue events;
  std::shared_ptr<Exchange> held;
  FunctionHandler handler([&](std::shared_ptr<Exchange> exchange) {
    held = std::move(exchange);
    events.push("held");
  });
  HttpServer server(handler, {.idle_timeout = 30s});
  auto client = server.connect();
  client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(events.next(), "held");
  server.shards().advance(1h);
  server.shards().on(0, [&] { mirror(std::exchange(held, nullptr)); });
  EXPECT_EQ(client.read_answer().body, "GET /slow ");
}

}  // namespace
}  // namespace atrium::http
