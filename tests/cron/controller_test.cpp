#include "cron/controller.h"

#include <gmock/gmock.h>

#include <coroutine>

#include "tests/support/manual_clock.h"

namespace atrium::cron {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class Chores final : public Controller<Chores> {
 public:
  static constexpr auto jobs() {
    return std::tuple{every<"*/5 * * * *", "sweep", &Chores::sweep>.with({.description = "Sweeps the floor"}),
                      every<"* * * * *", "wait", &Chores::wait>, every<"0 * * * *", "fail", &Chores::fail>,
                      every<"30 23 * * *", "late", &Chores::late>.with({.zone = "Europe/Berlin"}),
                      every<"*/20 * * * *", "free", &Chores::count>};
  }

  explicit Chores(std::vector<std::string>& done) : done_(done) { counted = 0; }

  static inline int counted = 0;
  std::coroutine_handle<> waiting;

 private:
  void sweep() { done_.push_back("sweep"); }
  Task<void> wait() {
    struct Hold {
      Chores& chores;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> waiter) { chores.waiting = waiter; }
      void await_resume() const noexcept {}
    };
    Hold hold{*this};
    co_await hold;
    done_.push_back("waited");
  }
  void fail() { throw std::runtime_error("broke the vase"); }
  Task<void> late() const {
    done_.push_back("late");
    co_return;
  }
  static void count() noexcept { ++counted; }

  std::vector<std::string>& done_;
};

class Nowhere final : public Controller<Nowhere> {
 public:
  static constexpr auto jobs() {
    return std::tuple{every<"* * * * *", "lost", &Nowhere::run>.with({.zone = "Europe/Atlantis"})};
  }
  void run() {}
};

/// The clock begins at 2023-11-14 22:13:20 UTC.
class CronControllerTest : public testing::Test {
 protected:
  CronControllerTest() {
    chores_.attach(scheduler_);
    scheduler_.start();
  }
  ~CronControllerTest() override {
    if (chores_.waiting) std::exchange(chores_.waiting, nullptr).resume();
  }
  void pass(Duration time) {
    for (; time > 0s; time -= 1s) {
      clock_.advance(1s);
      deadlines_.expire();
    }
  }

  test::ManualClock clock_;
  net::DeadlineQueue deadlines_{clock_};
  Scheduler scheduler_{deadlines_, clock_};
  std::vector<std::string> done_;
  Chores chores_{done_};
};

TEST_F(CronControllerTest, HandsItsTableToTheScheduler) {
  std::vector<std::string> told;
  for (const auto& job : scheduler_.status()) told.push_back(job.name + ": " + job.description);
  EXPECT_THAT(told, ElementsAre("sweep: Sweeps the floor", "wait: ", "fail: ", "late: ", "free: "));
}

TEST_F(CronControllerTest, RunsAPlainFunctionWhenItIsDue) {
  pass(99s);
  EXPECT_THAT(done_, ElementsAre());
  pass(1s);  // 22:15
  EXPECT_THAT(done_, ElementsAre("sweep"));
  pass(5min);
  EXPECT_THAT(done_, ElementsAre("sweep", "sweep"));
  EXPECT_EQ(Chores::counted, 1) << "at 22:20";
}

TEST_F(CronControllerTest, RunsACoroutineToItsEndBeforeItRunsAgain) {
  pass(160s);  // 22:16
  EXPECT_EQ(scheduler_.status()[1].runs, 1u);
  EXPECT_EQ(scheduler_.status()[1].skipped, 2u);
  std::exchange(chores_.waiting, nullptr).resume();
  EXPECT_EQ(done_.back(), "waited");
  pass(1min);
  EXPECT_EQ(scheduler_.status()[1].runs, 2u);
}

TEST_F(CronControllerTest, GoesByTheClocksOfItsZone) {
  pass(16min);  // 22:29:20 UTC, 23:29:20 in Berlin
  EXPECT_THAT(done_, testing::Not(testing::Contains("late")));
  pass(1min);
  EXPECT_THAT(done_, testing::Contains("late"));
}

TEST_F(CronControllerTest, GoesOnAfterAJobThatThrew) {
  pass(2h);
  EXPECT_EQ(scheduler_.status()[2].runs, 2u);
}

TEST(CronController, NamesATimeZoneThatIsNone) {
  test::ManualClock clock;
  net::DeadlineQueue deadlines(clock);
  Scheduler scheduler(deadlines, clock);
  try {
    Nowhere().attach(scheduler);
    FAIL() << "nothing was thrown";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), HasSubstr("the job lost goes by the time zone 'Europe/Atlantis'"));
  }
}

TEST(CronFields, AreReadByTheCompiler) {
  static_assert(is_cron_expression(FixedString("*/5 0,12 1-15 JAN-MAR sat-sun")));
  static_assert(is_cron_expression(FixedString(" 0\t9 * * MON ")));
  static_assert(!is_cron_expression(FixedString("")));
  static_assert(!is_cron_expression(FixedString("* * * *")));
  static_assert(!is_cron_expression(FixedString("* * * * * *")));
  static_assert(!is_cron_expression(FixedString("60 * * * *")));
  static_assert(!is_cron_expression(FixedString("* * * * MONDAY")));
  static_assert(!is_cron_expression(FixedString("* 8-6 * * *")));
  static_assert(!is_cron_expression(FixedString("*/0 * * * *")));
  static_assert(!is_cron_expression(FixedString("1, * * * *")));
}

}  // namespace
}  // namespace atrium::cron
