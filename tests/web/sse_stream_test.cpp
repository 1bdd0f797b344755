#include "web/sse_stream.h"

#include <gtest/gtest.h>

#include "tests/support/event_queue.h"
#include "tests/support/http_server.h"

namespace atrium::web {
namespace {

class SseStreamTest : public ::testing::Test {
 protected:
  /// Asks for a stream; the test uses it on its shard, by on_shard().
  test::TcpClient ask(std::string_view method = "GET", int receive_buffer = 0) {
    auto client = server.connect(receive_buffer);
    client.send(std::string(method) + " /live HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(events.next(), "began");
    return client;
  }
  template <class Job>
  auto on_shard(Job job) {
    return server.shards().on(0, std::move(job));
  }

  test::EventQueue events;
  std::unique_ptr<SseStream> stream;
  test::FunctionHandler handler{[this](std::shared_ptr<http::Exchange> exchange) {
    stream = std::make_unique<SseStream>(std::move(exchange), http::Headers{{"X-More", "m"}});
    stream->on_closed([this] { events.push("closed"); });
    events.push("began");
  }};
  test::HttpServer server{handler};
};

TEST_F(SseStreamTest, BeginsWithTheHeadAndTheDelayOfAReconnection) {
  auto client = ask();
  const auto head = client.read_head();
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-type"), "text/event-stream");
  EXPECT_EQ(head.headers.at("cache-control"), "no-cache");
  EXPECT_EQ(head.headers.at("x-accel-buffering"), "no");
  EXPECT_EQ(head.headers.at("x-more"), "m");
  EXPECT_EQ(client.read_chunk(), "retry: 3000\n\n");
}

TEST_F(SseStreamTest, SendsEventsWithWhatTheyHave) {
  auto client = ask();
  client.read_head();
  client.read_chunk();
  const auto sent = [&](std::string_view event, std::string_view data, std::string_view id) {
    EXPECT_TRUE(on_shard([&] { return stream->send(event, data, id); }));
    return client.read_chunk();
  };
  EXPECT_EQ(sent("stats:update", R"({"onlineUsersCount":2})", "17-1"),
            "id: 17-1\nevent: stats:update\ndata: {\"onlineUsersCount\":2}\n\n");
  EXPECT_EQ(sent("", "plain", ""), "data: plain\n\n");
  EXPECT_EQ(sent("", "", ""), "data: \n\n");
}

TEST_F(SseStreamTest, SplitsDataIntoItsLines) {
  auto client = ask();
  client.read_head();
  client.read_chunk();
  on_shard([&] { stream->send("", "one\ntwo\r\nthree\rfour\n", {}); });
  EXPECT_EQ(client.read_chunk(), "data: one\ndata: two\ndata: three\ndata: four\ndata: \n\n");
}

TEST_F(SseStreamTest, LetsNoNameOrIdSmuggleAFieldIn) {
  auto client = ask();
  client.read_head();
  client.read_chunk();
  on_shard([&] { stream->send("name\ndata: forged", "real", "1\rdata: forged"); });
  EXPECT_EQ(client.read_chunk(), "id: 1\nevent: name\ndata: real\n\n");
}

TEST_F(SseStreamTest, SendsComments) {
  auto client = ask();
  client.read_head();
  client.read_chunk();
  on_shard([&] { stream->comment("keep-alive"); });
  EXPECT_EQ(client.read_chunk(), ": keep-alive\n\n");
}

TEST_F(SseStreamTest, EndsWhenItIsClosed) {
  auto client = ask();
  client.read_head();
  client.read_chunk();
  on_shard([&] {
    EXPECT_TRUE(stream->open());
    stream->close();
    EXPECT_FALSE(stream->open());
    EXPECT_FALSE(stream->send("", "late", {}));
  });
  EXPECT_EQ(client.read_chunk(), "");
  client.close();
  server.shards().settle();
  EXPECT_TRUE(events.empty()) << "who closes knows";
}

TEST_F(SseStreamTest, EndsWithItsOwner) {
  auto client = ask();
  client.read_head();
  client.read_chunk();
  on_shard([&] { stream.reset(); });
  EXPECT_EQ(client.read_chunk(), "");
}

TEST_F(SseStreamTest, TellsThatThePeerHasGone) {
  auto client = ask();
  client.read_head();
  client.close();
  EXPECT_EQ(events.next(), "closed");
  on_shard([&] {
    EXPECT_FALSE(stream->open());
    EXPECT_FALSE(stream->send("", "to nobody", {}));
  });
}

TEST_F(SseStreamTest, MayBeDestroyedByItsOwnEnd) {
  auto client = ask();
  on_shard([&] {
    stream->on_closed([this] {
      stream.reset();
      events.push("destroyed");
    });
  });
  client.close();
  EXPECT_EQ(events.next(), "destroyed");
}

TEST_F(SseStreamTest, SendsOneLargeEventWhole) {
  auto client = ask();
  client.read_head();
  client.read_chunk();
  const std::string large(8 * 1024 * 1024, 'x');  // more than the kernel holds
  EXPECT_TRUE(on_shard([&] { return stream->send("", large, {}); }));
  server.shards().settle();
  EXPECT_TRUE(on_shard([&] { return stream->open(); })) << "one large event alone is no sign of a slow reader";
  EXPECT_EQ(client.read_chunk().size(), large.size() + 8);
  server.shards().settle();
  EXPECT_TRUE(on_shard([&] { return stream->send("", "next", {}); }));
  EXPECT_EQ(client.read_chunk(), "data: next\n\n");
}

TEST_F(SseStreamTest, LeavesOutEventsForAReaderThatIsBehindAndForgetsThatWhenItHasCaughtUp) {
  auto client = ask("GET", 4096);
  client.read_head();
  client.read_chunk();
  const std::string event(16'000, 'x');
  // More is left out in all than a reader may miss who stays behind.
  for (int round = 0; round < 3; ++round) {
    int sent = 0;
    for (; on_shard([&] { return stream->send("", event, {}); }); ++sent) server.shards().settle();
    for (int i = 0; i < 8; ++i) EXPECT_FALSE(on_shard([&] { return stream->send("", event, {}); }));
    for (int i = 0; i < sent; ++i) ASSERT_EQ(client.read_chunk(), "data: " + event + "\n\n");
    ASSERT_TRUE(on_shard([&] { return stream->open(); }));
  }
}

TEST_F(SseStreamTest, EndsForAReaderThatStaysBehind) {
  auto client = ask("GET", 4096);
  const std::string event(1000, 'x');
  // Fills the kernel's buffers turn by turn, until events begin to be left out.
  while (on_shard([&] { return stream->send("", event, {}); })) server.shards().settle();
  EXPECT_TRUE(on_shard([&] { return stream->open(); })) << "left out first";
  int left_out = 1;
  while (on_shard([&] { return stream->open(); })) {
    ASSERT_FALSE(on_shard([&] { return stream->send("", event, {}); }));
    ASSERT_LT(++left_out, 400);
  }
  EXPECT_GT(left_out, 100);
  EXPECT_EQ(events.next(), "closed");
}

TEST_F(SseStreamTest, AnswersHeadWithTheHeadAlone) {
  auto client = ask("HEAD");
  const auto head = client.read_answer(test::TcpClient::Body::none);
  EXPECT_EQ(head.headers.at("content-type"), "text/event-stream");
  EXPECT_FALSE(head.headers.contains("transfer-encoding"));
  EXPECT_FALSE(on_shard([&] { return stream->open(); }));
}

}  // namespace
}  // namespace atrium::web
