#include "base/rate.h"

#include <gtest/gtest.h>

namespace atrium {
namespace {

using namespace std::chrono_literals;

class RateTest : public ::testing::Test {
 protected:
  /// How many of `times` are let through now.
  int taken(int times) {
    int count = 0;
    for (int i = 0; i < times; ++i) count += !rate.take(full_at, now).has_value();
    return count;
  }

  TimePoint now{1h};
  const Rate rate{5, 12s};
  TimePoint full_at = TimePoint::min();
};

TEST_F(RateTest, LetsABurstThroughAndNoMore) { EXPECT_EQ(taken(20), 5); }

TEST_F(RateTest, SaysHowLongToWaitWhenItIsEmpty) {
  taken(5);
  EXPECT_EQ(rate.take(full_at, now), 12s);
  now += 5s;
  EXPECT_EQ(rate.take(full_at, now), 7s);
  now += 7s;
  EXPECT_EQ(rate.take(full_at, now), std::nullopt);
  EXPECT_EQ(rate.take(full_at, now), 12s);
}

TEST_F(RateTest, ARefusalCostsNothing) {
  taken(100);
  now += 12s;
  EXPECT_EQ(taken(2), 1);
}

TEST_F(RateTest, FillsUpToItsBurstHoweverLongItRests) {
  taken(5);
  now += 1000h;
  EXPECT_EQ(taken(20), 5);
}

TEST_F(RateTest, LetsThroughNoMoreThanItsRateOverALongTime) {
  int count = 0;
  for (int second = 0; second < 600; ++second, now += 1s) count += taken(3);
  EXPECT_EQ(count, 5 + 600 / 12 - 1);
}

TEST_F(RateTest, TellsInWhatTimeItFills) {
  taken(5);
  now += rate.fills_in() - 1s;
  EXPECT_EQ(taken(20), 4);
  now += rate.fills_in();
  EXPECT_EQ(taken(20), 5);
}

}  // namespace
}  // namespace atrium
