#include "chat/live/viewers.h"

#include <gtest/gtest.h>

#include "tests/support/event_queue.h"
#include "tests/support/http_server.h"

namespace atrium::chat {
namespace {

using storage::UserId;
using storage::WorkspaceId;

const WorkspaceId kHere("here");

/// A request for /stats/alice/here is a viewer of that feed, user and workspace.
class ViewersTest : public ::testing::Test {
 protected:
  test::TcpClient watch(const std::string& path, int receive_buffer = 0) {
    auto client = server.connect(receive_buffer);
    client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(events.next(), "began");
    client.read_head();
    EXPECT_EQ(client.read_chunk(), "retry: 3000\n\n");
    return client;
  }
  template <class Job>
  auto on_shard(Job job) {
    return server.shards().on(0, std::move(job));
  }
  void send(Feed feed, const std::string& text, Viewers::Wanted wanted = {}) {
    on_shard([&] {
      viewers->send(feed, kHere, std::make_shared<const std::string>(web::SseStream::frame("", text)), std::move(wanted));
      return true;
    });
  }
  std::size_t count(Feed feed) {
    return on_shard([&] { return viewers->count(feed); });
  }
  ~ViewersTest() override {
    on_shard([&] {
      viewers.reset();
      return true;
    });
  }

  test::EventQueue events;
  std::unique_ptr<Viewers> viewers;
  web::SseStream* last = nullptr;  ///< of the viewer that came last
  test::FunctionHandler handler{[this](std::shared_ptr<http::Exchange> exchange) {
    const std::string path = exchange->request().path;
    const auto user = path.find('/', 1);
    const auto workspace = path.find('/', user + 1);
    Viewer viewer{.feed = path.substr(1, user - 1) == "stats" ? Feed::stats : Feed::activity,
                  .workspace = WorkspaceId(path.substr(workspace + 1)),
                  .user = UserId(path.substr(user + 1, workspace - user - 1)),
                  .stream = std::make_unique<web::SseStream>(std::move(exchange))};
    last = viewer.stream.get();
    viewers->add(std::move(viewer), [this, path] { events.push("gone " + path); });
    events.push("began");
  }};
  test::HttpServer server{handler};

  ViewersTest() { viewers = std::make_unique<Viewers>(server.shards().set()); }
};

TEST_F(ViewersTest, AreToldWhatTheirFeedSaysOfTheirWorkspace) {
  auto alice = watch("/stats/alice/here");
  auto elsewhere = watch("/stats/alice/there");
  auto other_feed = watch("/activity/alice/here");
  send(Feed::stats, "1");
  send(Feed::activity, "2");
  EXPECT_EQ(alice.read_chunk(), "data: 1\n\n");
  EXPECT_EQ(other_feed.read_chunk(), "data: 2\n\n");
  on_shard([&] {
    viewers->send(Feed::stats, WorkspaceId("there"), std::make_shared<const std::string>(web::SseStream::frame("", "3")));
    return true;
  });
  EXPECT_EQ(elsewhere.read_chunk(), "data: 3\n\n");
}

TEST_F(ViewersTest, AreToldOnlyWhatIsForThem) {
  auto alice = watch("/activity/alice/here");
  auto bob = watch("/activity/bob/here");
  send(Feed::activity, "secret", [](const Viewer& viewer) { return viewer.user.value == "alice"; });
  send(Feed::activity, "news");
  EXPECT_EQ(alice.read_chunk(), "data: secret\n\n");
  EXPECT_EQ(bob.read_chunk(), "data: news\n\n");
}

TEST_F(ViewersTest, WhoMaySeeTheWorkspaceNoMoreAreToldSoAndEnded) {
  auto stats = watch("/stats/alice/here");
  auto activity = watch("/activity/alice/here");
  auto elsewhere = watch("/stats/alice/there");
  auto bob = watch("/stats/bob/here");
  viewers->end_in(kHere, UserId("alice"), {403, "NOT_A_MEMBER", "Gone."});
  for (auto* client : {&stats, &activity}) {
    EXPECT_EQ(client->read_chunk(), "event: end\ndata: {\"code\":\"NOT_A_MEMBER\",\"message\":\"Gone.\",\"status\":403}\n\n");
    EXPECT_EQ(client->read_chunk(), "") << "the last chunk";
  }
  send(Feed::stats, "1");
  EXPECT_EQ(bob.read_chunk(), "data: 1\n\n");
  EXPECT_EQ(count(Feed::stats), 2u);
  EXPECT_EQ(count(Feed::activity), 0u);
}

TEST_F(ViewersTest, OfAUserWhoMaySeeNothingAreAllEnded) {
  auto here = watch("/stats/alice/here");
  auto there = watch("/activity/alice/there");
  viewers->end_of(UserId("alice"), {401, "SESSION_REVOKED", "Out."});
  for (auto* client : {&here, &there}) EXPECT_TRUE(client->read_chunk().starts_with("event: end\n"));
}

TEST_F(ViewersTest, OfAUserWithMoreThanHeMayHaveTheOldestIsEnded) {
  on_shard([&] {
    viewers = std::make_unique<Viewers>(server.shards().set(), 2);
    return true;
  });
  auto oldest = watch("/stats/alice/here");
  auto second = watch("/activity/alice/there");
  auto bob = watch("/stats/bob/here");
  auto third = server.connect();
  third.send("GET /stats/alice/here HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(events.next(), "gone /stats/alice/here");
  EXPECT_EQ(events.next(), "began");
  third.read_head();
  EXPECT_EQ(third.read_chunk(), "retry: 3000\n\n");
  EXPECT_TRUE(oldest.read_chunk().starts_with("event: end\ndata: {\"code\":\"TOO_MANY_CONNECTIONS\""));
  EXPECT_EQ(oldest.read_chunk(), "") << "the last chunk";
  send(Feed::stats, "1");
  EXPECT_EQ(bob.read_chunk(), "data: 1\n\n");
  EXPECT_EQ(third.read_chunk(), "data: 1\n\n");
  EXPECT_EQ(count(Feed::stats), 2u);
  EXPECT_EQ(count(Feed::activity), 1u);
}

TEST_F(ViewersTest, WhoGoAreForgotten) {
  {
    auto alice = watch("/stats/alice/here");
    EXPECT_EQ(count(Feed::stats), 1u);
  }
  EXPECT_EQ(events.next(), "gone /stats/alice/here");
  EXPECT_EQ(count(Feed::stats), 0u);
}

TEST_F(ViewersTest, WhoFallBehindTheFiguresGetTheLatestOnceTheyHaveCaughtUp) {
  auto slow = watch("/stats/slow/here");
  // Each in a turn of its own, at the end of which the kernel takes what it can.
  int said = 0;
  while (on_shard([&] { return last->send("", std::string(10'000, 'x')); })) ++said;
  send(Feed::stats, "too old by then");
  send(Feed::stats, "the latest");
  for (; said > 0; --said) EXPECT_EQ(slow.read_chunk().size(), 10'008u);
  server.shards().advance(Viewers::kRetry);
  EXPECT_EQ(slow.read_chunk(), "data: the latest\n\n");
  EXPECT_EQ(count(Feed::stats), 1u);
}

TEST_F(ViewersTest, WhoFallBehindTheActivityAreEndedBecauseTheyWouldMissSomething) {
  auto slow = watch("/activity/slow/here", 4096);
  const std::string text(60'000, 'x');
  for (int i = 0; i < 200 && count(Feed::activity) > 0; ++i) send(Feed::activity, text);
  EXPECT_EQ(events.next(), "gone /activity/slow/here");
}

}  // namespace
}  // namespace atrium::chat
