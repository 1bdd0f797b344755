#pragma once

#include <cstddef>
#include <thread>
#include <utility>
#include <vector>

#include "storage/errand.h"

namespace atrium::storage {

/// Threads that do what would block a shard. Work is begun in the order it came, by whichever worker is free. Used from
/// any shard; outlives the coroutines that wait for it, and is closed before the shards are destroyed.
class WorkerPool final {
 public:
  explicit WorkerPool(unsigned workers, std::size_t queue_bound = kQueueBound);
  ~WorkerPool() { close(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Awaited on a shard, resumes there with what `work(unsigned worker)` returns or throws; `worker` counts from 0, so
  /// that each can have something of its own. Throws StoreUnavailable when too much waits or the pool is closed.
  template <class Work>
  auto run(Work work) {
    return send_on_errand<unsigned>(queue_, std::move(work));
  }

  /// How much work waits for a worker. Any thread.
  std::size_t waiting() const { return queue_.size(); }

  /// Finishes what was accepted and ends the threads; blocks meanwhile.
  void close();

 private:
  /// Some seconds of a fast disk's work: who waits behind more has given up by then.
  static constexpr std::size_t kQueueBound = 10'000;

  void work(unsigned worker);

  BoundedQueue<Errand<unsigned>> queue_;
  std::vector<std::thread> threads_;
};

}  // namespace atrium::storage
