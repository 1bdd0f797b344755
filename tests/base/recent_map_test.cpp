#include "base/recent_map.h"

#include <gtest/gtest.h>

namespace atrium {
namespace {

class RecentMapTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kMost = 3;
  void put(int from, int to) {
    for (int i = from; i < to; ++i) map.put(std::to_string(i), i);
  }
  RecentMap<int> map{kMost};
};

TEST_F(RecentMapTest, FindsWhatWasPut) {
  EXPECT_EQ(map.find("1"), nullptr);
  map.put("1", 1);
  ASSERT_NE(map.find("1"), nullptr);
  EXPECT_EQ(*map.find("1"), 1);
}

TEST_F(RecentMapTest, PuttingAgainTakesThePlaceInEitherGeneration) {
  put(0, 3);
  map.put("0", 10);
  EXPECT_EQ(*map.find("0"), 10);
  map.turn();
  map.put("1", 11);
  EXPECT_EQ(*map.find("1"), 11);
  EXPECT_EQ(map.size(), 3U);
}

TEST_F(RecentMapTest, KeepsTheLastOnesWhateverComes) {
  put(0, 100);
  for (int i = 97; i < 100; ++i) EXPECT_NE(map.find(std::to_string(i)), nullptr) << i;
  EXPECT_EQ(map.find("0"), nullptr);
}

TEST_F(RecentMapTest, WhatIsUsedStays) {
  map.put("mine", 1);
  for (int i = 0; i < 100; ++i) {
    put(i, i + 1);
    ASSERT_NE(map.find("mine"), nullptr) << i;
  }
}

TEST_F(RecentMapTest, NeverHoldsMoreThanTwoGenerations) {
  for (int i = 0; i < 100; ++i) {
    put(i, i + 1);
    map.find(std::to_string(i - 2));
    ASSERT_LE(map.size(), 2 * kMost);
  }
}

TEST_F(RecentMapTest, ForgetsWhatTwoTurnsDidNotUse) {
  put(0, 2);
  map.turn();
  map.find("1");
  map.turn();
  EXPECT_EQ(map.find("0"), nullptr);
  EXPECT_NE(map.find("1"), nullptr);
}

}  // namespace
}  // namespace atrium
