#include "base/keyed_buckets.h"

#include <gtest/gtest.h>

namespace atrium {
namespace {

using namespace std::chrono_literals;

class KeyedBucketsTest : public ::testing::Test {
 protected:
  static constexpr int kBurst = 5;
  static constexpr Duration kRefill = 12s;
  static constexpr std::size_t kMost = 10'000;

  int taken(const std::string& name, int times) {
    int count = 0;
    for (int i = 0; i < times; ++i) count += !buckets.take(name, now).has_value();
    return count;
  }

  TimePoint now{1h};
  KeyedBuckets buckets{Rate(kBurst, kRefill), kMost};
};

TEST_F(KeyedBucketsTest, CountsEachNameByItself) {
  EXPECT_EQ(taken("a", 10), kBurst);
  EXPECT_EQ(taken("b", 10), kBurst);
  EXPECT_EQ(buckets.take("a", now), kRefill);
}

TEST_F(KeyedBucketsTest, FiveAMinuteHoweverLongOneGoesOn) {
  int count = 0;
  for (int i = 0; i < 10 * 60; ++i, now += 1s) count += taken("a", 2);
  EXPECT_LE(count, 5 + 10 * 5);
  EXPECT_GE(count, 10 * 5);
}

TEST_F(KeyedBucketsTest, RemembersWhoWasRefusedAMomentAgo) {
  taken("a", 5);
  for (int i = 0; i < 11; ++i) {
    now += 1s;
    EXPECT_EQ(taken("a", 1), 0) << i;
  }
}

TEST_F(KeyedBucketsTest, ForgetsWhatNobodyHasTriedForLong) {
  for (int i = 0; i < 1000; ++i) taken(std::to_string(i), 1);
  EXPECT_EQ(buckets.size(), 1000U);
  for (int i = 0; i < 2; ++i) {
    now += 1min;
    taken("a", 1);
  }
  EXPECT_EQ(buckets.size(), 1U);
}

TEST_F(KeyedBucketsTest, StaysBoundedUnderAFlood) {
  for (std::size_t i = 0; i < 5 * kMost; ++i) {
    taken(std::to_string(i), 1);
    ASSERT_LE(buckets.size(), 2 * kMost);
  }
}

TEST_F(KeyedBucketsTest, AFloodOfOthersDoesNotHelpWhoGoesOnTrying) {
  taken("a", 5);
  int count = 0;
  for (std::size_t i = 0; i < 3 * kMost; ++i) {
    taken(std::to_string(i), 1);
    if (i % 1000 == 0) count += taken("a", 1);
  }
  EXPECT_EQ(count, 0);
}

TEST(KeyedBuckets, HoldNoMoreThanTwiceWhatIsInUse) {
  KeyedBuckets buckets(Rate(5, 1s));
  TimePoint now{1h};
  for (int i = 0; i < 100'000; ++i, now += 1ms) buckets.take(std::to_string(i), now);
  EXPECT_LE(buckets.size(), 2 * 5'000) << "5 000 are filling at any time";
}

TEST(KeyedBuckets, ForgetNobodyWhoIsHeldBack) {
  KeyedBuckets buckets(Rate(1, 1h));
  TimePoint now{1h};
  buckets.take("him", now);
  for (int i = 0; i < 5'000; ++i, now += 1ms) buckets.take(std::to_string(i), now);
  EXPECT_TRUE(buckets.take("him", now));
}

}  // namespace
}  // namespace atrium
