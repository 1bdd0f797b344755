#include "chat/presence/presence_feed.h"

#include <gmock/gmock.h>

#include "tests/chat/presence/people.h"
#include "tests/support/manual_clock.h"

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;
using storage::UserId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Mode = PresenceFeed::Mode;

std::vector<std::string> ids(const std::vector<PresenceFeed::Change>& changes) {
  std::vector<std::string> all;
  for (const auto& change : changes) all.push_back(change.user.value);
  return all;
}

class PresenceFeedTest : public ::testing::Test {
 protected:
  void is(const std::string& user, Status status) {
    feed.show(UserId(user), PresenceTracker::Shown{.who = person(user), .status = status, .active = clock.now()}, clock.now());
  }
  void come(const std::string& user) { is(user, Status::online); }
  void go(const std::string& user) { feed.show(UserId(user), std::nullopt, clock.now()); }
  void come(int from, int to) {
    for (int i = from; i < to; ++i) come("u" + std::to_string(1000 + i));
  }
  void go(int from, int to) {
    for (int i = from; i < to; ++i) go("u" + std::to_string(1000 + i));
  }
  /// Waits until something is due, and tells it.
  PresenceFeed::Flush flush() {
    clock.advance(std::max(Duration::zero(), *feed.due() - clock.now()));
    return feed.flush(clock.now());
  }
  Duration due_in() const { return *feed.due() - clock.now(); }
  std::vector<std::string> told() const { return ids(feed.told()); }

  test::ManualClock clock;
  PresenceFeed feed{{.full_max = 250, .window = std::nullopt}};
};

TEST_F(PresenceFeedTest, TellsTheChangesOfAWindowTogether) {
  come("alice");
  come("bob");
  is("carol", Status::dnd);
  EXPECT_THAT(told(), IsEmpty());
  const auto flushed = flush();
  ASSERT_TRUE(flushed.diff);
  EXPECT_EQ(flushed.diff->from, 0u);
  EXPECT_EQ(flushed.diff->wver, 1u);
  EXPECT_THAT(ids(flushed.diff->online), ElementsAre("alice", "bob", "carol"));
  EXPECT_THAT(ids(flushed.legacy_online), ElementsAre("alice", "bob", "carol"));
  EXPECT_THAT(told(), ElementsAre("alice", "bob", "carol"));
  EXPECT_EQ(feed.due(), std::nullopt);
}

TEST_F(PresenceFeedTest, SaysHowSomebodyIsUpdatedToThoseAloneWhoKnowStatuses) {
  come("alice");
  flush();
  is("alice", Status::away);
  const auto flushed = flush();
  EXPECT_THAT(ids(flushed.diff->updated), ElementsAre("alice"));
  EXPECT_EQ(flushed.diff->updated.front().shown.status, Status::away);
  EXPECT_THAT(flushed.diff->online, IsEmpty());
  EXPECT_THAT(flushed.legacy_online, IsEmpty());
}

TEST_F(PresenceFeedTest, SaysNothingOfWhatCancelsWithinAWindow) {
  come("alice");
  flush();
  go("alice");
  come("alice");
  come("bob");
  go("bob");
  const auto flushed = flush();
  EXPECT_FALSE(flushed.diff);
  EXPECT_EQ(feed.wver(), 1u);
  EXPECT_EQ(feed.due(), std::nullopt);
}

TEST_F(PresenceFeedTest, TakesASignOfLifeForNoNews) {
  come("alice");
  flush();
  clock.advance(1min);
  come("alice");
  EXPECT_EQ(feed.due(), std::nullopt);
  EXPECT_EQ(feed.live(UserId("alice"))->active, clock.now());
}

TEST_F(PresenceFeedTest, CountsVersionsWithoutAGap) {
  for (std::uint64_t version = 0; version < 5; ++version) {
    come("u" + std::to_string(version));
    const auto flushed = flush();
    EXPECT_EQ(flushed.diff->from, version);
    EXPECT_EQ(flushed.diff->wver, version + 1);
  }
}

TEST_F(PresenceFeedTest, KeepsTheWindowOpenForLongerTheMoreHappens) {
  come("alice");
  EXPECT_EQ(due_in(), 250ms);
  clock.advance(100ms);
  come("bob");
  EXPECT_EQ(due_in(), 150ms) << "it is the first change that opens it";
  flush();
  come("carol");
  EXPECT_EQ(due_in(), 1s) << "soon after another window";
  flush();
  clock.advance(1min);
  come(0, 50);
  EXPECT_EQ(due_in(), 250ms);
  come(50, 51);
  EXPECT_EQ(due_in(), 1s);
  // The same few come and go, so that they do not become too many to be told one by one.
  for (int i = 0; i < 225; ++i) {
    EXPECT_EQ(due_in(), 1s) << i;
    come(60, 61);
    go(60, 61);
  }
  EXPECT_EQ(due_in(), 5s);
}

TEST_F(PresenceFeedTest, TellsEachChangeAtOnceWhereTheWindowIsNone) {
  PresenceFeed at_once{{.full_max = 250, .window = Duration::zero()}};
  at_once.show(UserId("alice"), PresenceTracker::Shown{.who = person("alice")}, clock.now());
  EXPECT_EQ(at_once.due(), clock.now());
  EXPECT_TRUE(at_once.flush(clock.now()).diff);
}

TEST_F(PresenceFeedTest, ToldOfNobodyBeforeItIsTime) {
  come("alice");
  EXPECT_FALSE(feed.flush(clock.now() + 249ms).diff);
  EXPECT_TRUE(feed.flush(clock.now() + 250ms).diff);
}

TEST_F(PresenceFeedTest, CountsInsteadOfNamingWhenThereAreMany) {
  come(0, 250);
  flush();
  EXPECT_EQ(feed.mode(), Mode::full);
  clock.advance(1min);
  come(250, 251);
  EXPECT_EQ(feed.mode(), Mode::large) << "at once: newcomers are not told of everybody any more";
  const auto first = feed.flush(clock.now());
  EXPECT_EQ(first.count, 251u) << "whoever was told of everybody hears that it is over";
  EXPECT_FALSE(first.diff);
  const auto second = flush();
  EXPECT_EQ(second.mode, Mode::large);
  EXPECT_THAT(ids(second.diff->online), ElementsAre("u1250")) << "for those who have subscribed";
  EXPECT_THAT(second.legacy_online, IsEmpty());
}

TEST_F(PresenceFeedTest, TellsTheCountEveryTwoSecondsAtMost) {
  come(0, 251);
  EXPECT_EQ(feed.flush(clock.now()).count, 251u);
  std::vector<TimePoint> counted;
  for (int i = 251; i < 351; ++i) {
    come(i, i + 1);
    clock.advance(100ms);
    if (*feed.due() <= clock.now() && feed.flush(clock.now()).count) counted.push_back(clock.now());
  }
  ASSERT_EQ(counted.size(), 5u) << "in ten seconds";
  for (std::size_t i = 1; i < counted.size(); ++i) EXPECT_GE(counted[i] - counted[i - 1], 2s);
}

TEST_F(PresenceFeedTest, TellsTheEndOfThoseWhomOldClientsTakeForOnline) {
  come(0, 200);
  flush();
  come(200, 400);
  flush();
  flush();
  go("u1000");
  go("u1399");
  clock.advance(5s);
  const auto flushed = feed.flush(clock.now());
  EXPECT_THAT(ids(flushed.diff->offline), ElementsAre("u1000", "u1399"));
  EXPECT_THAT(ids(flushed.legacy_offline), ElementsAre("u1000")) << "nobody was told that u1399 had come";
  EXPECT_TRUE(feed.told_legacy(UserId("u1001")));
  EXPECT_FALSE(feed.told_legacy(UserId("u1398")));
}

TEST_F(PresenceFeedTest, NamesEverybodyAgainWhenThereAreFewerByAFifth) {
  come(0, 251);
  feed.flush(clock.now());
  flush();
  clock.advance(1min);
  go(0, 51);
  flush();
  EXPECT_EQ(feed.mode(), Mode::large) << "200: it takes one less, or the limit itself would be noisy";
  clock.advance(1min);
  feed.flush(clock.now());
  go("u1051");
  EXPECT_EQ(flush().count, 199u) << "at once, for the last was long ago";
  const auto flushed = flush();
  EXPECT_TRUE(flushed.full_again);
  EXPECT_EQ(feed.mode(), Mode::full);
  EXPECT_EQ(told().size(), 199u);
  EXPECT_TRUE(feed.told_legacy(UserId("u1250"))) << "they are introduced anew";
}

TEST_F(PresenceFeedTest, KeepsNothingOfThoseWhoAreGone) {
  come(0, 300);
  while (feed.due()) flush();
  go(0, 300);
  while (feed.due()) flush();
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_EQ(feed.live_count(), 0u);
}

}  // namespace
}  // namespace atrium::chat
