#include "net/shard.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <thread>

#include "tests/support/event_queue.h"
#include "tests/support/running_shards.h"

namespace atrium::net {
namespace {

using namespace std::chrono_literals;

TEST(Shard, RunsPostedJobsInOrderOnItsOwnThread) {
  test::RunningShards shards;
  test::EventQueue events;
  for (int i = 0; i < 100; ++i) {
    shards[0].post(
        [&events, &shard = shards[0], i] { events.push(Shard::current() == &shard ? std::to_string(i) : "elsewhere"); });
  }
  for (int i = 0; i < 100; ++i) EXPECT_EQ(events.next(), std::to_string(i));
  EXPECT_EQ(Shard::current(), nullptr) << "this thread is no shard's";
}

TEST(Shard, RunsWhatWasPostedBeforeItStarted) {
  const SystemClock clock;
  ShardSet shards(1, clock);
  bool ran = false;
  shards[0].post([&] {
    ran = true;
    shards.stop();
  });
  shards.run();
  EXPECT_TRUE(ran);
}

TEST(Shard, RunsAJobThatAJobPostedWithoutBeingWokenAgain) {
  test::RunningShards shards;
  test::EventQueue events;
  shards[0].post([&] {
    shards[0].post([&] { events.push("inner"); });
    events.push("outer");
  });
  EXPECT_EQ(events.next(), "outer");
  EXPECT_EQ(events.next(), "inner");
}

TEST(Shard, DispatchesAtOnceOnItselfAndByPostElsewhere) {
  test::RunningShards shards(2);
  test::EventQueue events;
  shards.on(0, [&] {
    shards[0].dispatch([&] { events.push("here"); });
    events.push("after");
    shards[1].dispatch([&] { events.push(Shard::current() == &shards[1] ? "there" : "elsewhere"); });
  });
  EXPECT_EQ(events.next(), "here");
  EXPECT_EQ(events.next(), "after");
  EXPECT_EQ(events.next(), "there");
}

TEST(Shard, LosesNoJobOfManyThreads) {
  test::RunningShards shards;
  int count = 0;  // only the shard's thread touches it
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 5000; ++j) shards[0].post([&] { ++count; });
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(shards.on(0, [&] { return count; }), 20000);
}

TEST(Shard, DoesWhatWasPostedWhileItStopped) {
  const SystemClock clock;
  ShardSet shards(2, clock);
  std::vector<std::string> done;
  // From one shard to the other and back, each of which has stopped by then.
  shards[0].post([&] {
    shards.stop();
    shards[1].post([&] {
      done.push_back(Shard::current() == &shards[1] ? "there" : "elsewhere");
      shards[0].post([&] { done.push_back(Shard::current() == &shards[0] ? "back" : "elsewhere"); });
    });
  });
  shards.run();
  EXPECT_EQ(done, (std::vector<std::string>{"there", "back"}));
  EXPECT_EQ(Shard::current(), nullptr);
}

TEST(Shard, EndsThoughAJobPostsItselfForEver) {
  const SystemClock clock;
  ShardSet shards(1, clock);
  int rounds = 0;
  std::function<void()> again = [&] {
    ++rounds;
    shards[0].post(again);
  };
  shards[0].post([&] {
    shards.stop();
    again();
  });
  shards.run();
  EXPECT_GT(rounds, 1);
}

TEST(Shard, LosesNoJobThatIsPostedAfterItsEnd) {
  test::RunningShards shards;
  shards.stop();
  const auto alive = std::make_shared<int>(1);
  bool ran = false;
  shards[0].post([alive, &ran] { ran = true; });
  EXPECT_FALSE(ran) << "its thread has ended";
  EXPECT_TRUE(shards[0].finish());
  EXPECT_TRUE(ran);
  EXPECT_EQ(alive.use_count(), 1);
  EXPECT_FALSE(shards[0].finish()) << "nothing is left";
}

TEST(Shard, ExpiresItsDeadlinesByItsClock) {
  test::RunningShards shards;
  test::EventQueue events;
  std::unique_ptr<Deadline> deadline;
  shards.on(0, [&] {
    deadline = std::make_unique<Deadline>([&] { events.push("due"); });
    shards[0].deadlines().arm(*deadline, 25s);
  });
  shards.advance(25s - 1ns);
  EXPECT_TRUE(events.empty());
  shards.advance(1ns);
  EXPECT_EQ(events.next(), "due");
  shards.on(0, [&] { deadline.reset(); });
}

TEST(Shard, WakesByItselfForADeadlineAndNeverEarly) {
  const SystemClock clock;
  ShardSet shards(1, clock);
  TimePoint armed, ran;
  Deadline second([&] {
    ran = clock.now();
    shards.stop();
  });
  Deadline first([&] { shards[0].deadlines().arm(second, 20ms); });
  shards[0].post([&] {
    armed = clock.now();
    shards[0].deadlines().arm(first, 30ms);
  });
  shards.run();
  EXPECT_GE(ran - armed, 50ms);
}

TEST(Shard, WakesForADeadlineThatIsNearerThanTheOneItWaitsFor) {
  const SystemClock clock;
  ShardSet shards(1, clock);
  Deadline far([] {});
  Deadline near([&] { shards.stop(); });
  shards[0].post([&] {
    shards[0].deadlines().arm(far, std::chrono::hours(1));
    // In the next turn, when the timer waits for the far one already.
    shards[0].post([&] { shards[0].deadlines().arm(near, 10ms); });
  });
  shards.run();  // returns only when `near` has run
  EXPECT_TRUE(far.armed());
}

TEST(ShardSet, GivesAKeyTheSameHomeEachTime) {
  const SystemClock clock;
  ShardSet shards(4, clock);
  std::set<unsigned> homes;
  for (int i = 0; i < 100; ++i) {
    const std::string key = "user-" + std::to_string(i);
    EXPECT_EQ(&shards.home_of(key), &shards.home_of(key));
    homes.insert(shards.home_of(key).index());
  }
  EXPECT_EQ(homes.size(), 4u) << "a hundred keys spread over all four";
}

}  // namespace
}  // namespace atrium::net
