#include "chat/accounts/attempt_limit.h"

#include <gtest/gtest.h>

#include "tests/support/task_shards.h"

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;

class AttemptTableTest : public ::testing::Test {
 protected:
  int taken(const std::string& name, int times) {
    int count = 0;
    for (int i = 0; i < times; ++i) count += !table.take(name, now).has_value();
    return count;
  }

  TimePoint now{1h};
  AttemptTable table;
};

TEST_F(AttemptTableTest, CountsEachNameByItself) {
  EXPECT_EQ(taken("a", 10), AttemptTable::kBurst);
  EXPECT_EQ(taken("b", 10), AttemptTable::kBurst);
  EXPECT_EQ(table.take("a", now), AttemptTable::kRefill);
}

TEST_F(AttemptTableTest, FiveAMinuteHoweverLongOneGoesOn) {
  int count = 0;
  for (int i = 0; i < 10 * 60; ++i, now += 1s) count += taken("a", 2);
  EXPECT_LE(count, 5 + 10 * 5);
  EXPECT_GE(count, 10 * 5);
}

TEST_F(AttemptTableTest, RemembersWhoWasRefusedAMomentAgo) {
  taken("a", 5);
  for (int i = 0; i < 11; ++i) {
    now += 1s;
    EXPECT_EQ(taken("a", 1), 0) << i;
  }
}

TEST_F(AttemptTableTest, ForgetsWhatNobodyHasTriedForLong) {
  for (int i = 0; i < 1000; ++i) taken(std::to_string(i), 1);
  EXPECT_EQ(table.size(), 1000U);
  for (int i = 0; i < 2; ++i) {
    now += 1min;
    taken("a", 1);
  }
  EXPECT_EQ(table.size(), 1U);
}

TEST_F(AttemptTableTest, StaysBoundedUnderAFlood) {
  for (std::size_t i = 0; i < 5 * AttemptTable::kMaxNames; ++i) {
    taken(std::to_string(i), 1);
    ASSERT_LE(table.size(), 2 * AttemptTable::kMaxNames);
  }
}

TEST_F(AttemptTableTest, AFloodOfOthersDoesNotHelpWhoGoesOnTrying) {
  taken("a", 5);
  int count = 0;
  for (std::size_t i = 0; i < 3 * AttemptTable::kMaxNames; ++i) {
    taken(std::to_string(i), 1);
    if (i % 1000 == 0) count += taken("a", 1);
  }
  EXPECT_EQ(count, 0);
}

TEST(AttemptLimit, CountsANameOverAllShardsAndReturnsToTheAsker) {
  test::TaskShards runner(1);  // its clock and thread; the limit has shards of its own
  net::ShardSet shards(3, runner[0].clock());
  AttemptLimit limit(shards);
  std::atomic<int> refused = 0;
  std::atomic<int> left = 30;
  const auto ask = [&](net::Shard& shard) -> Task<void> {
    const auto wait = co_await limit.take("alice");
    EXPECT_EQ(net::Shard::current(), &shard);
    refused += wait.has_value();
    if (--left == 0) shards.stop();
  };
  for (std::size_t i = 0; i < 30; ++i) {
    shards[i % 3].post([&ask, &shard = shards[i % 3]] { spawn(ask(shard)); });
  }
  shards.run();
  EXPECT_EQ(refused, 30 - AttemptTable::kBurst);
}

}  // namespace
}  // namespace atrium::chat
