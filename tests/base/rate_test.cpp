#include "base/token_bucket.h"

#include <gtest/gtest.h>

namespace atrium {
namespace {

using namespace std::chrono_literals;

class TokenBucketTest : public ::testing::Test {
 protected:
  /// How many of `times` are let through now.
  int taken(int times) {
    int count = 0;
    for (int i = 0; i < times; ++i) count += !bucket.take(now).has_value();
    return count;
  }

  TimePoint now{1h};
  TokenBucket bucket{5, 12s};
};

TEST_F(TokenBucketTest, LetsABurstThroughAndNoMore) { EXPECT_EQ(taken(20), 5); }

TEST_F(TokenBucketTest, SaysHowLongToWaitWhenItIsEmpty) {
  taken(5);
  EXPECT_EQ(bucket.take(now), 12s);
  now += 5s;
  EXPECT_EQ(bucket.take(now), 7s);
  now += 7s;
  EXPECT_EQ(bucket.take(now), std::nullopt);
  EXPECT_EQ(bucket.take(now), 12s);
}

TEST_F(TokenBucketTest, ARefusalCostsNothing) {
  taken(100);
  now += 12s;
  EXPECT_EQ(taken(2), 1);
}

TEST_F(TokenBucketTest, FillsUpToItsBurstHoweverLongItRests) {
  taken(5);
  now += 1000h;
  EXPECT_EQ(taken(20), 5);
}

TEST_F(TokenBucketTest, LetsThroughNoMoreThanItsRateOverALongTime) {
  int count = 0;
  for (int second = 0; second < 600; ++second, now += 1s) count += taken(3);
  EXPECT_EQ(count, 5 + 600 / 12 - 1);
}

TEST_F(TokenBucketTest, TellsInWhatTimeItFills) {
  taken(5);
  now += bucket.fills_in() - 1s;
  EXPECT_EQ(taken(20), 4);
  now += bucket.fills_in();
  EXPECT_EQ(taken(20), 5);
}

}  // namespace
}  // namespace atrium
