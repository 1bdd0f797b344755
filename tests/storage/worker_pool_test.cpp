#include "storage/worker_pool.h"

#include <gmock/gmock.h>

#include <latch>

#include "tests/support/task_shards.h"

namespace atrium::storage {

namespace {

Task<std::pair<std::thread::id, net::Shard*>> run_and_look(WorkerPool& pool) {
  const auto worker = co_await pool.run([](unsigned) { return std::this_thread::get_id(); });
  co_return std::pair(worker, net::Shard::current());
}

TEST(WorkerPool, WorksOnAnotherThreadAndResumesOnTheShardThatAsked) {
  test::TaskShards shards(3);
  WorkerPool pool(1);
  std::thread::id shard_thread;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto [worker, resumed] = shards.await(run_and_look(pool), i);
    EXPECT_EQ(resumed, &shards[i]);
    std::promise<std::thread::id> thread;
    shards[i].post([&] { thread.set_value(std::this_thread::get_id()); });
    EXPECT_NE(worker, thread.get_future().get());
  }
}

TEST(WorkerPool, CarriesAnExceptionToTheAwaiter) {
  test::TaskShards shards;
  WorkerPool pool(1);
  EXPECT_THROW(shards.await(pool.run([](unsigned) -> int { throw std::out_of_range("no"); })), std::out_of_range);
  EXPECT_EQ(shards.await(pool.run([](unsigned) { return 7; })), 7);
}

TEST(WorkerPool, CarriesWhatCanOnlyBeMoved) {
  test::TaskShards shards;
  WorkerPool pool(1);
  auto answer = shards.await(pool.run([in = std::make_unique<int>(7)](unsigned) mutable { return std::move(in); }));
  EXPECT_EQ(*answer, 7);
}

TEST(WorkerPool, WorkersWorkAtTheSameTimeUnderTheirOwnNumbers) {
  test::TaskShards shards;
  WorkerPool pool(2);
  // Each waits for the other: one worker alone would never end.
  std::latch both(2);
  const auto meet = [&](unsigned worker) {
    both.arrive_and_wait();
    return worker;
  };
  auto one = shards.start(pool.run(meet));
  auto other = shards.start(pool.run(meet));
  const std::vector<unsigned> numbers{one.get(), other.get()};
  EXPECT_THAT(numbers, testing::UnorderedElementsAre(0, 1));
}

TEST(WorkerPool, RefusesWhenTooMuchWaits) {
  test::TaskShards shards;
  WorkerPool pool(1, 2);
  std::latch held(1);
  std::latch release(1);
  auto running = shards.start(pool.run([&](unsigned) {
    held.count_down();
    release.wait();
    return 0;
  }));
  held.wait();
  auto first = shards.start(pool.run([](unsigned) { return 1; }));
  auto second = shards.start(pool.run([](unsigned) { return 2; }));
  EXPECT_THROW(shards.await(pool.run([](unsigned) { return 3; })), StoreUnavailable);
  release.count_down();
  EXPECT_EQ(first.get(), 1);
  EXPECT_EQ(second.get(), 2);
  EXPECT_EQ(running.get(), 0);
}

TEST(WorkerPool, CloseFinishesWhatWasAcceptedAndRefusesTheRest) {
  test::TaskShards shards;
  WorkerPool pool(1);
  std::latch held(1);
  std::latch release(1);
  auto running = shards.start(pool.run([&](unsigned) {
    held.count_down();
    release.wait();
    return 0;
  }));
  held.wait();
  std::latch queued(1);
  auto waiting = shards.start(pool.run([](unsigned) { return 1; }));
  shards[0].post([&] { queued.count_down(); });
  queued.wait();
  release.count_down();
  pool.close();
  EXPECT_EQ(running.get(), 0);
  EXPECT_EQ(waiting.get(), 1);
  EXPECT_THROW(shards.await(pool.run([](unsigned) { return 2; })), StoreUnavailable);
}

}  // namespace

}  // namespace atrium::storage
