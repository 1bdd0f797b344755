#pragma once

#include <exception>
#include <future>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "base/task.h"
#include "net/shard_set.h"

namespace atrium::test {

/// Shards that run as long as this lives, and a way to await a task on one of them from the test's thread.
class TaskShards final {
 public:
  explicit TaskShards(unsigned count = 1) : shards_(count, clock_), thread_([this] { shards_.run(); }) {}
  ~TaskShards() {
    shards_.stop();
    thread_.join();
  }

  net::Shard& operator[](std::size_t index) { return shards_[index]; }

  template <class T>
  std::future<T> start(Task<T> task, std::size_t shard = 0) {
    std::promise<T> promise;
    auto future = promise.get_future();
    shards_[shard].post(
        [task = std::move(task), promise = std::move(promise)]() mutable { spawn(keep(std::move(task), std::move(promise))); });
    return future;
  }

  template <class T>
  T await(Task<T> task, std::size_t shard = 0) {
    return start(std::move(task), shard).get();
  }

 private:
  template <class T>
  static Task<void> keep(Task<T> task, std::promise<T> promise) {
    try {
      promise.set_value(co_await task);
    } catch (...) {
      promise.set_exception(std::current_exception());
    }
  }

  SystemClock clock_;
  net::ShardSet shards_;
  std::thread thread_;
};

}  // namespace atrium::test
