#pragma once

#include <future>
#include <thread>

#include "net/shard_set.h"
#include "tests/support/manual_clock.h"

namespace atrium::test {

/// Shards that run on threads of their own until the end of the test, by a clock that moves only when told to.
class RunningShards final {
 public:
  explicit RunningShards(unsigned count = 1) : set_(count, far_future(clock_)), thread_([this] { set_.run(); }) {}
  ~RunningShards() { stop(); }

  net::ShardSet& set() { return set_; }
  net::Shard& operator[](std::size_t index) { return set_[index]; }

  /// Runs `job` on a shard and returns what it returns.
  template <class Job>
  auto on(std::size_t index, Job job) {
    std::packaged_task<std::invoke_result_t<Job&>()> task(std::move(job));
    auto done = task.get_future();
    set_[index].post(std::move(task));
    return done.get();
  }

  /// Lets time pass; what is due by then has run when this returns. For one shard alone: the clock is its.
  void advance(Duration by) {
    if (set_.size() != 1) throw std::logic_error("time may pass for one shard only");
    on(0, [&] { clock_.advance(by); });
    settle();
  }

  /// The turn that runs now has ended, with its deadlines and its writes, on every shard.
  void settle() {
    for (std::size_t i = 0; i < set_.size(); ++i) {
      on(i, [] {});
      on(i, [] {});
    }
  }

  void stop() {
    set_.stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  /// So far ahead of the system's clock that a shard's timer never fires by itself.
  static const Clock& far_future(ManualClock& clock) {
    clock.advance(std::chrono::hours(24 * 365 * 20));
    return clock;
  }

  ManualClock clock_;
  net::ShardSet set_;
  std::thread thread_;
};

}  // namespace atrium::test
