#include "cron/scheduler.h"

#include <gmock/gmock.h>

#include <coroutine>

#include "tests/support/manual_clock.h"

namespace atrium::cron {

namespace {

using namespace std::chrono_literals;

/// Work that stands still until it is told to end.
class HeldWork final {
 public:
  Task<void> run() {
    ++begun;
    struct Hold {
      HeldWork& work;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> waiter) { work.waiter_ = waiter; }
      void await_resume() const noexcept {}
    };
    Hold hold{*this};
    co_await hold;
    ++ended;
  }
  void finish() { std::exchange(waiter_, nullptr).resume(); }

  int begun = 0;
  int ended = 0;

 private:
  std::coroutine_handle<> waiter_;
};

Task<void> count(int& runs) {
  ++runs;
  co_return;
}
Task<void> fail() {
  throw std::runtime_error("no");
  co_return;
}

/// The clock begins at 2023-11-14 22:13:20 UTC.
class SchedulerTest : public testing::Test {
 protected:
  static Job job(std::string name, std::string_view expression, UniqueFunction<Task<void>()> run) {
    return {.name = std::move(name), .expression = *CronExpression::parse(expression), .run = std::move(run)};
  }
  /// Time passes second by second, and the shard's deadlines with it.
  void pass(Duration time) {
    for (; time > 0s; time -= 1s) {
      clock_.advance(1s);
      deadlines_.expire();
    }
  }
  JobStatus status(std::size_t index = 0) { return scheduler_.status()[index]; }

  test::ManualClock clock_;
  net::DeadlineQueue deadlines_{clock_};
  Scheduler scheduler_{deadlines_, clock_};
  int runs_ = 0;
};

TEST_F(SchedulerTest, RunsAJobWhenItsExpressionSaysSo) {
  scheduler_.add(job("sweep", "*/5 * * * *", [this] { return count(runs_); }));
  scheduler_.start();
  pass(99s);  // 22:14:59
  EXPECT_EQ(runs_, 0);
  pass(1s);
  EXPECT_EQ(runs_, 1);
  pass(5min);
  EXPECT_EQ(runs_, 2);
  pass(1h);
  EXPECT_EQ(runs_, 14);
}

TEST_F(SchedulerTest, TellsWhatAJobDidAndWhenItIsNext) {
  const WallTime begin = clock_.wall();
  auto sweep = job("sweep", "*/5 * * * *", [this] { return count(runs_); });
  sweep.description = "Sweeps";
  scheduler_.add(std::move(sweep));
  EXPECT_EQ(status().next, std::nullopt);
  scheduler_.start();
  EXPECT_EQ(status().name, "sweep");
  EXPECT_EQ(status().description, "Sweeps");
  EXPECT_EQ(status().next, begin + 100s);
  EXPECT_EQ(status().last, std::nullopt);
  pass(100s);
  EXPECT_EQ(status().last, begin + 100s);
  EXPECT_EQ(status().next, begin + 400s);
  EXPECT_EQ(status().runs, 1U);
  EXPECT_EQ(status().skipped, 0U);
}

TEST_F(SchedulerTest, TellsHowARunWent) {
  HeldWork work;
  scheduler_.add(job("slow", "* * * * *", [&] { return work.run(); }));
  scheduler_.add(job("broken", "0 * * * *", [] { return fail(); }));
  scheduler_.start();
  EXPECT_EQ(status().schedule, "* * * * *");
  EXPECT_FALSE(status().running);
  EXPECT_EQ(status().took, std::nullopt);
  pass(40s);
  EXPECT_TRUE(status().running);
  pass(5s);
  work.finish();
  EXPECT_FALSE(status().running);
  EXPECT_EQ(status().took, 5s);
  EXPECT_EQ(status().error, "");
  pass(1h);
  EXPECT_EQ(status(1).error, "no");
  work.finish();
}

TEST_F(SchedulerTest, RunsAJobNowWhoeverAsks) {
  HeldWork work;
  scheduler_.add(job("slow", "0 0 1 1 *", [&] { return work.run(); }));
  scheduler_.start();
  std::vector<bool> answers;
  const auto ask = [&](std::string name) -> Task<void> {
    const bool ran = co_await scheduler_.run_now(std::move(name));
    answers.push_back(ran);
  };
  spawn(ask("slow"));
  EXPECT_TRUE(status().running);
  spawn(ask("slow"));
  spawn(ask("none"));
  EXPECT_EQ(answers, (std::vector{false, false})) << "it runs already; there is none";
  work.finish();
  EXPECT_EQ(answers, (std::vector{false, false, true}));
  EXPECT_EQ(status().runs, 1U);
  EXPECT_EQ(status().last, clock_.wall());
}

TEST_F(SchedulerTest, SkipsAndCountsWhileTheRunBeforeHasNotEnded) {
  HeldWork work;
  scheduler_.add(job("slow", "* * * * *", [&] { return work.run(); }));
  scheduler_.start();
  pass(3min);
  EXPECT_EQ(work.begun, 1);
  EXPECT_EQ(status().runs, 1U);
  EXPECT_EQ(status().skipped, 2U);
  work.finish();
  EXPECT_EQ(work.ended, 1);
  pass(1min);
  EXPECT_EQ(work.begun, 2);
  EXPECT_EQ(status().skipped, 2U);
  work.finish();
}

TEST_F(SchedulerTest, OneSlowJobDoesNotHoldUpAnother) {
  HeldWork work;
  scheduler_.add(job("slow", "* * * * *", [&] { return work.run(); }));
  scheduler_.add(job("quick", "* * * * *", [this] { return count(runs_); }));
  scheduler_.start();
  pass(3min);
  EXPECT_EQ(runs_, 3);
  work.finish();
}

TEST_F(SchedulerTest, AJobThatFailsRunsAgain) {
  scheduler_.add(job("broken", "* * * * *", [] { return fail(); }));
  scheduler_.start();
  pass(2min);
  EXPECT_EQ(status().runs, 2U);
  EXPECT_EQ(status().skipped, 0U);
}

TEST_F(SchedulerTest, NothingBeginsAfterStopAndWhatRunsEnds) {
  HeldWork work;
  scheduler_.add(job("slow", "* * * * *", [&] { return work.run(); }));
  scheduler_.start();
  pass(1min);
  scheduler_.stop();
  EXPECT_EQ(deadlines_.next(), std::nullopt);
  EXPECT_EQ(status().next, std::nullopt);
  work.finish();
  EXPECT_EQ(work.ended, 1);
  pass(5min);
  EXPECT_EQ(work.begun, 1);
  scheduler_.start();
  pass(1min);
  EXPECT_EQ(work.begun, 2);
  work.finish();
}

TEST_F(SchedulerTest, ARunOutlivesItsScheduler) {
  HeldWork work;
  {
    Scheduler scheduler(deadlines_, clock_);
    scheduler.add(job("slow", "* * * * *", [&] { return work.run(); }));
    scheduler.start();
    pass(1min);
  }
  work.finish();
  EXPECT_EQ(work.ended, 1);
}

TEST_F(SchedulerTest, AJobAddedLaterRunsToo) {
  scheduler_.start();
  pass(1min);
  scheduler_.add(job("late", "* * * * *", [this] { return count(runs_); }));
  pass(1min);
  EXPECT_EQ(runs_, 1);
}

TEST_F(SchedulerTest, AJobMayAddAndStop) {
  scheduler_.add(job("first", "* * * * *", [this] {
    for (int i = 0; i < 20; ++i) scheduler_.add(job("more", "* * * * *", [this] { return count(runs_); }));
    scheduler_.stop();
    return count(runs_);
  }));
  scheduler_.add(job("second", "* * * * *", [this] { return count(runs_); }));
  scheduler_.start();
  pass(2min);
  EXPECT_EQ(runs_, 1);
}

TEST_F(SchedulerTest, AnImpossibleDateNeverRuns) {
  scheduler_.add(job("never", "0 0 30 FEB *", [this] { return count(runs_); }));
  scheduler_.start();
  EXPECT_EQ(status().next, std::nullopt);
  EXPECT_EQ(deadlines_.next(), std::nullopt);
}

TEST_F(SchedulerTest, FollowsTheZoneOfTheJob) {
  auto nightly = job("nightly", "0 3 * * *", [this] { return count(runs_); });
  nightly.zone = *TimeZone::load("Asia/Tokyo");
  const WallTime begin = clock_.wall();
  scheduler_.add(std::move(nightly));
  scheduler_.start();
  // 03:00 in Tokyo is 18:00 UTC of the day before.
  EXPECT_EQ(status().next, begin - 20s - 13min - 22h + 24h + 18h);
}

TEST_F(SchedulerTest, ARunThatWasMissedIsMadeUpOnce) {
  scheduler_.add(job("sweep", "*/5 * * * *", [this] { return count(runs_); }));
  scheduler_.start();
  // The machine slept.
  clock_.advance(1h);
  deadlines_.expire();
  EXPECT_EQ(runs_, 1);
  pass(5min);
  EXPECT_EQ(runs_, 2);
}

/// A calendar clock that somebody sets, beside time that passes evenly.
class AdjustedClock final : public Clock {
 public:
  explicit AdjustedClock(const Clock& clock) : clock_(clock) {}
  TimePoint now() const override { return clock_.now(); }
  WallTime wall() const override { return clock_.wall() + set_by; }
  std::chrono::milliseconds set_by{0};

 private:
  const Clock& clock_;
};

TEST_F(SchedulerTest, NoticesWithinAMinuteThatTheClockWasSet) {
  AdjustedClock calendar(clock_);
  Scheduler scheduler(deadlines_, calendar);
  scheduler.add(job("hourly", "0 * * * *", [this] { return count(runs_); }));
  scheduler.start();
  calendar.set_by = 45min;  // 22:58:20
  pass(100s);
  EXPECT_EQ(runs_, 1);
  calendar.set_by = -24h;  // 22:15:00, the day before
  pass(1min);
  EXPECT_EQ(scheduler.status()[0].next, calendar.wall() + 44min);
}

}  // namespace

}  // namespace atrium::cron
