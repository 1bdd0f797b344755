#include "chat/limits/event_limits.h"

#include <gtest/gtest.h>

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;

constexpr Limits kOff{.events = 0, .joins = 0, .edits = 0, .statuses = 0};

class EventLimitsTest : public ::testing::Test {
 protected:
  /// How many of `times` are let through now.
  int taken(EventLimits& of, int times, EventClass kind = EventClass::other) {
    int count = 0;
    for (int i = 0; i < times; ++i) count += !of.judge(kind, now).wait;
    return count;
  }

  TimePoint now{1h};
  EventRates rates{Limits{}};
  EventLimits limits{rates};
};

TEST_F(EventLimitsTest, LetsFortyEventsThroughAtOnceAndThenTwoASecond) {
  EXPECT_EQ(taken(limits, 100), 40);
  EXPECT_EQ(limits.judge(EventClass::other, now).wait, 500ms);
  now += 2s;
  EXPECT_EQ(taken(limits, 100), 4);
}

TEST_F(EventLimitsTest, LetsTwentyJoinsThroughInTenSeconds) {
  EXPECT_EQ(taken(limits, 30, EventClass::join), 20);
  EXPECT_EQ(limits.judge(EventClass::join, now).wait, 500ms);
  EXPECT_EQ(taken(limits, 9), 9) << "which leaves the rest to other events";
}

TEST_F(EventLimitsTest, LetsTenChangesThroughInTenSeconds) {
  EXPECT_EQ(taken(limits, 30, EventClass::edit), 10);
  now += 10s;
  EXPECT_EQ(taken(limits, 30, EventClass::edit), 10);
}

TEST_F(EventLimitsTest, LetsFiveStatusesThroughInTwentySeconds) {
  EXPECT_EQ(taken(limits, 30, EventClass::status), 5);
  EXPECT_EQ(limits.judge(EventClass::status, now).wait, 4s);
}

TEST_F(EventLimitsTest, CountsAStopButNeverRefusesIt) {
  EXPECT_EQ(taken(limits, 50, EventClass::stop), 50);
  EXPECT_EQ(taken(limits, 1), 0);
}

TEST_F(EventLimitsTest, LetsEverythingThroughWhenItIsOff) {
  const EventRates none(kOff);
  EventLimits off(none);
  for (const auto kind : {EventClass::other, EventClass::join, EventClass::edit, EventClass::status, EventClass::stop}) {
    EXPECT_EQ(taken(off, 1000, kind), 1000);
  }
}

TEST_F(EventLimitsTest, ClosesAtTheThirdStrike) {
  taken(limits, 40);
  EXPECT_FALSE(limits.judge(EventClass::other, now).close);
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(limits.judge(EventClass::other, now).close) << "nobody can have heard of it yet";
  now += 1s;
  taken(limits, 2);
  EXPECT_FALSE(limits.judge(EventClass::other, now).close);
  now += 1s;
  taken(limits, 2);
  EXPECT_TRUE(limits.judge(EventClass::other, now).close);
}

TEST_F(EventLimitsTest, CountsAFloodOfStopsAsAnyOther) {
  taken(limits, 41, EventClass::stop);
  for (int strike = 2; strike <= 3; ++strike) {
    now += 1s;
    taken(limits, 2, EventClass::stop);
    const auto verdict = limits.judge(EventClass::stop, now);
    EXPECT_FALSE(verdict.wait);
    EXPECT_EQ(verdict.close, strike == 3);
  }
}

TEST_F(EventLimitsTest, ForgivesAfterAMinute) {
  for (int i = 0; i < 10; ++i) {
    taken(limits, 40);
    EXPECT_FALSE(limits.judge(EventClass::other, now).close) << i;
    now += 60s;
  }
}

TEST_F(EventLimitsTest, TooFastJoinsAreNoStrike) {
  for (int i = 0; i < 10; ++i) {
    now += 10s;
    EXPECT_EQ(taken(limits, 21, EventClass::join), 20);
    EXPECT_FALSE(limits.judge(EventClass::join, now).close);
  }
}

TEST(EventClassTest, IsToldByTheName) {
  EXPECT_EQ(class_of("channel:join"), EventClass::join);
  EXPECT_EQ(class_of("message:send"), EventClass::message);
  EXPECT_EQ(class_of("message:edit"), EventClass::edit);
  EXPECT_EQ(class_of("message:delete"), EventClass::edit);
  EXPECT_EQ(class_of("presence:status"), EventClass::status);
  EXPECT_EQ(class_of("channel:stop_typing"), EventClass::stop);
  EXPECT_EQ(class_of("channel:typing"), EventClass::other);
  EXPECT_EQ(class_of("what is this"), EventClass::other);
}

}  // namespace
}  // namespace atrium::chat
