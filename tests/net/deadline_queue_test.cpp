#include "net/deadline_queue.h"

#include <gtest/gtest.h>

#include <list>
#include <string>

#include "tests/support/manual_clock.h"

namespace atrium::net {
namespace {

using namespace std::chrono_literals;

class DeadlineQueueTest : public ::testing::Test {
 protected:
  auto note(std::string name) {
    return [this, name = std::move(name)] { ran += name; };
  }
  void pass(Duration time) {
    clock.advance(time);
    queue.expire();
  }

  test::ManualClock clock;
  DeadlineQueue queue{clock};
  std::string ran;
};

TEST_F(DeadlineQueueTest, RunsADeadlineWhenItIsDueAndNotATickBefore) {
  Deadline deadline(note("a"));
  queue.arm(deadline, 25s);
  pass(25s - 1ns);
  EXPECT_EQ(ran, "");
  pass(1ns);
  EXPECT_EQ(ran, "a");
}

TEST_F(DeadlineQueueTest, RunsADeadlineOnce) {
  Deadline deadline(note("a"));
  queue.arm(deadline, 1s);
  pass(1s);
  EXPECT_FALSE(deadline.armed());
  pass(10s);
  EXPECT_EQ(ran, "a");
}

TEST_F(DeadlineQueueTest, RunsThoseOfOneDurationInTheOrderOfArming) {
  Deadline a(note("a")), b(note("b")), c(note("c"));
  queue.arm(b, 1s);
  clock.advance(10ms);
  queue.arm(a, 1s);
  clock.advance(10ms);
  queue.arm(c, 1s);
  pass(1s);
  EXPECT_EQ(ran, "bac");
}

TEST_F(DeadlineQueueTest, ComparesOnlyWhatIsDueAmongDurations) {
  Deadline late(note("late")), soon(note("soon"));
  queue.arm(late, 60s);
  queue.arm(soon, 500ms);
  pass(500ms);
  EXPECT_EQ(ran, "soon");
  EXPECT_TRUE(late.armed());
}

TEST_F(DeadlineQueueTest, ForgetsACancelledDeadline) {
  Deadline a(note("a")), b(note("b"));
  queue.arm(a, 1s);
  queue.arm(b, 1s);
  a.cancel();
  pass(1s);
  EXPECT_EQ(ran, "b");
}

TEST_F(DeadlineQueueTest, ForgetsADeadlineThatIsGone) {
  {
    Deadline deadline(note("a"));
    queue.arm(deadline, 1s);
  }
  EXPECT_EQ(queue.next(), std::nullopt);
  pass(1s);
  EXPECT_EQ(ran, "");
}

TEST_F(DeadlineQueueTest, ArmingAnewMovesADeadline) {
  Deadline deadline(note("a"));
  queue.arm(deadline, 1s);
  clock.advance(900ms);
  queue.arm(deadline, 1s);
  pass(900ms);
  EXPECT_EQ(ran, "");
  pass(100ms);
  EXPECT_EQ(ran, "a");
}

TEST_F(DeadlineQueueTest, ArmingAnewMayChangeTheDuration) {
  Deadline deadline(note("a"));
  queue.arm(deadline, 60s);
  queue.arm(deadline, 1s);
  pass(1s);
  EXPECT_EQ(ran, "a");
  pass(60s);
  EXPECT_EQ(ran, "a");
}

TEST_F(DeadlineQueueTest, ADeadlineMayArmItselfAnewWhileItRuns) {
  int runs = 0;
  Deadline* self = nullptr;
  Deadline again([&] {
    ++runs;
    queue.arm(*self, 0s);
  });
  self = &again;
  queue.arm(again, 0s);
  queue.expire();
  EXPECT_EQ(runs, 1) << "what is armed while deadlines run is due at the next call";
  queue.expire();
  EXPECT_EQ(runs, 2);
}

TEST_F(DeadlineQueueTest, ADeadlineMayCancelAnotherThatIsDueToo) {
  Deadline b(note("b"));
  Deadline a([&] { b.cancel(); });
  queue.arm(a, 1s);
  queue.arm(b, 1s);
  pass(1s);
  EXPECT_EQ(ran, "");
}

TEST_F(DeadlineQueueTest, ADeadlineMayDestroyAnotherThatIsDueToo) {
  auto b = std::make_unique<Deadline>(note("b"));
  Deadline a([&] { b.reset(); });
  queue.arm(a, 1s);
  queue.arm(*b, 1s);
  pass(1s);
  EXPECT_EQ(ran, "");
}

TEST_F(DeadlineQueueTest, TellsWhenItIsNextNeeded) {
  EXPECT_EQ(queue.next(), std::nullopt);
  Deadline a(note("a")), b(note("b"));
  queue.arm(a, 60s);
  EXPECT_GE(queue.next(), clock.now() + 60s);
  queue.arm(b, 25s);
  EXPECT_LT(queue.next(), clock.now() + 26s);
  b.cancel();
  EXPECT_GE(queue.next(), clock.now() + 60s);
  a.cancel();
  EXPECT_EQ(queue.next(), std::nullopt);
}

TEST_F(DeadlineQueueTest, IsNeededOnceForThoseThatAreDueAboutTheSameTime) {
  std::list<Deadline> many;
  for (int i = 0; i < 100; ++i) {
    queue.arm(many.emplace_back(note("x")), 20s);
    clock.advance(900us);
  }
  int wakes = 0;
  while (const auto next = queue.next()) {
    pass(*next - clock.now());
    ++wakes;
  }
  EXPECT_LE(wakes, 2);
  EXPECT_EQ(ran.size(), 100u);
}

TEST_F(DeadlineQueueTest, IsNeededLaterByATwoHundredthAtMost) {
  for (const Duration after : {Duration(20s), Duration(1s), Duration(250ms), Duration(3ms)}) {
    clock.advance(12'345'678ns);
    Deadline deadline(note(""));
    queue.arm(deadline, after);
    const Duration wait = *queue.next() - clock.now();
    EXPECT_GE(wait, after);
    EXPECT_LE(wait, after + after / 200);
  }
}

TEST_F(DeadlineQueueTest, TakesZeroAndLessAsDueAtOnce) {
  Deadline a(note("a")), b(note("b"));
  queue.arm(a, 0s);
  queue.arm(b, -1s);
  queue.expire();
  EXPECT_EQ(ran.size(), 2u);
}

}  // namespace
}  // namespace atrium::net
