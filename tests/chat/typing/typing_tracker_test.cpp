#include "chat/typing/typing_tracker.h"

#include <gmock/gmock.h>

#include "tests/chat/socket_literal.h"
#include "tests/support/manual_clock.h"

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Duration kTtl = 60s;

class TypingTrackerTest : public ::testing::Test {
 protected:
  static Typist person(const std::string& id) { return {.key = id, .user = storage::UserId(id), .name = "The " + id}; }
  bool start(const std::string& id, const SocketRef& socket) { return tracker.start(person(id), socket, clock.now()); }
  static std::vector<std::string> keys(const std::vector<Typist>& typists) {
    std::vector<std::string> keys;
    for (const Typist& typist : typists) keys.push_back(typist.key);
    return keys;
  }

  test::ManualClock clock;
  TypingTracker tracker{kTtl};
};

TEST_F(TypingTrackerTest, TellsOfAStartAndOfItsStop) {
  EXPECT_TRUE(start("alice", "a1"_socket));
  EXPECT_TRUE(tracker.is_typing("alice"));
  const auto ended = tracker.stop("alice", "a1"_socket);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->key, "alice");
  EXPECT_EQ(ended->user, storage::UserId("alice"));
  EXPECT_EQ(ended->name, "The alice");
  EXPECT_FALSE(tracker.is_typing("alice"));
  EXPECT_EQ(tracker.size(), 0u);
}

TEST_F(TypingTrackerTest, TellsOnceWhatIsRepeated) {
  EXPECT_TRUE(start("alice", "a1"_socket));
  EXPECT_FALSE(start("alice", "a1"_socket));
  EXPECT_TRUE(tracker.stop("alice", "a1"_socket));
  EXPECT_FALSE(tracker.stop("alice", "a1"_socket));
}

TEST_F(TypingTrackerTest, GoesOnUntilTheLastSocketStops) {
  EXPECT_TRUE(start("alice", "a1"_socket));
  EXPECT_FALSE(start("alice", "a2"_socket));
  EXPECT_FALSE(tracker.stop("alice", "a1"_socket));
  EXPECT_TRUE(tracker.stop("alice", "a2"_socket));
}

TEST_F(TypingTrackerTest, IsNotEndedByASocketThatDoesNotType) {
  start("alice", "a1"_socket);
  EXPECT_FALSE(tracker.stop("alice", "a2"_socket));
  EXPECT_FALSE(tracker.stop("bob", "b1"_socket));
  EXPECT_TRUE(tracker.is_typing("alice"));
}

TEST_F(TypingTrackerTest, EndsOnAllSocketsWhenAMessageWasSent) {
  start("alice", "a1"_socket);
  start("alice", "a2"_socket);
  EXPECT_TRUE(tracker.clear("alice"));
  EXPECT_FALSE(tracker.clear("alice"));
  EXPECT_FALSE(tracker.stop("alice", "a2"_socket)) << "it was told already";
}

TEST_F(TypingTrackerTest, EndsByItselfWhenNobodyRefreshesIt) {
  start("alice", "a1"_socket);
  clock.advance(1s);
  start("bob", "b1"_socket);
  EXPECT_EQ(tracker.next(), clock.now() + kTtl - 1s);
  clock.advance(kTtl - 1s - 1ns);
  EXPECT_THAT(tracker.expire(clock.now()), IsEmpty());
  clock.advance(1ns);
  EXPECT_THAT(keys(tracker.expire(clock.now())), ElementsAre("alice"));
  EXPECT_FALSE(tracker.is_typing("alice"));
  EXPECT_TRUE(tracker.is_typing("bob"));
  EXPECT_EQ(tracker.next(), clock.now() + 1s);
  EXPECT_FALSE(tracker.stop("alice", "a1"_socket)) << "the stop was told by the end of its time";
  EXPECT_TRUE(start("alice", "a1"_socket)) << "and it may begin anew";
}

TEST_F(TypingTrackerTest, LastsAsLongAsItIsRefreshed) {
  start("alice", "a1"_socket);
  for (int i = 0; i < 10; ++i) {
    clock.advance(kTtl - 1ns);
    EXPECT_THAT(tracker.expire(clock.now()), IsEmpty());
    EXPECT_FALSE(start("alice", "a1"_socket));
  }
  clock.advance(kTtl);
  EXPECT_THAT(keys(tracker.expire(clock.now())), ElementsAre("alice"));
  EXPECT_EQ(tracker.next(), std::nullopt);
}

TEST_F(TypingTrackerTest, TakesABurstOfFiveStartsThenOneASecond) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(start("alice", "a1"_socket)) << i;
    EXPECT_TRUE(tracker.stop("alice", "a1"_socket)) << i;
  }
  EXPECT_FALSE(start("alice", "a1"_socket));
  EXPECT_FALSE(tracker.is_typing("alice"));
  EXPECT_FALSE(tracker.stop("alice", "a1"_socket)) << "what was not taken has no stop";
  EXPECT_TRUE(start("bob", "b1"_socket)) << "others are not held back";
  clock.advance(1s - 1ns);
  EXPECT_FALSE(start("alice", "a1"_socket));
  clock.advance(1ns);
  EXPECT_TRUE(start("alice", "a1"_socket));
  tracker.stop("alice", "a1"_socket);
  EXPECT_FALSE(start("alice", "a1"_socket));
  clock.advance(1h);
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(start("alice", "a1"_socket)) << "an hour later it is five again, not thousands";
    tracker.stop("alice", "a1"_socket);
  }
  EXPECT_FALSE(start("alice", "a1"_socket));
}

TEST_F(TypingTrackerTest, NeverHoldsBackAStopOrARefresh) {
  for (int i = 0; i < 4; ++i) {
    start("alice", "a1"_socket);
    tracker.stop("alice", "a1"_socket);
  }
  EXPECT_TRUE(start("alice", "a1"_socket));  // the fifth of the burst
  clock.advance(kTtl / 2);
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(start("alice", "a1"_socket));
  EXPECT_EQ(tracker.next(), clock.now() + kTtl) << "refreshed all the same";
  EXPECT_TRUE(tracker.stop("alice", "a1"_socket));
}

TEST_F(TypingTrackerTest, ForgetsHowFastSomebodyWasWhoHasLeft) {
  for (int i = 0; i < 5; ++i) {
    start("alice", "a1"_socket);
    tracker.stop("alice", "a1"_socket);
  }
  EXPECT_FALSE(start("alice", "a1"_socket));
  tracker.forget("alice");
  EXPECT_TRUE(start("alice", "a1"_socket));
}

TEST_F(TypingTrackerTest, ShowsANewcomerWhoTypes) {
  for (const char* id : {"alice", "bob", "carol"}) start(id, SocketRef{id});
  EXPECT_THAT(keys(tracker.introduce("new"_socket, 5)), ElementsAre("alice", "bob", "carol"));
  EXPECT_THAT(keys(tracker.dismiss("new"_socket)), ElementsAre("alice", "bob", "carol"));
}

TEST_F(TypingTrackerTest, TellsNoStopToANewcomerWhoWasNotShownTheStart) {
  for (const char* id : {"alice", "bob", "carol"}) start(id, SocketRef{id});
  EXPECT_THAT(keys(tracker.introduce("new"_socket, 2)), ElementsAre("alice", "bob"));
  EXPECT_THAT(tracker.stop("alice", "alice"_socket)->unaware, IsEmpty());
  EXPECT_THAT(tracker.stop("carol", "carol"_socket)->unaware, ElementsAre("new"_socket));
  start("carol", "carol"_socket);
  EXPECT_THAT(tracker.stop("carol", "carol"_socket)->unaware, IsEmpty()) << "he saw this one begin";
  EXPECT_THAT(keys(tracker.dismiss("new"_socket)), ElementsAre("bob"));
}

TEST_F(TypingTrackerTest, ForgetsWhatALeaverWasUnawareOf) {
  start("alice", "a1"_socket);
  EXPECT_THAT(tracker.introduce("new"_socket, 0), IsEmpty());
  EXPECT_THAT(tracker.dismiss("new"_socket), IsEmpty());
  EXPECT_THAT(keys(tracker.introduce("new"_socket, 5)), ElementsAre("alice"));
  EXPECT_THAT(tracker.clear("alice")->unaware, IsEmpty()) << "back in the room he was shown it";
}

TEST_F(TypingTrackerTest, ExpiresWithThoseWhoAreUnaware) {
  start("alice", "a1"_socket);
  tracker.introduce("new"_socket, 0);
  clock.advance(kTtl);
  const auto ended = tracker.expire(clock.now());
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_THAT(ended.front().unaware, ElementsAre("new"_socket));
}

}  // namespace
}  // namespace atrium::chat
