#include "storage/worker_pool.h"

namespace atrium::storage {

WorkerPool::WorkerPool(unsigned workers, std::size_t queue_bound) : queue_(queue_bound) {
  for (unsigned i = 0; i < workers; ++i) threads_.emplace_back([this, i] { work(i); });
}

void WorkerPool::close() {
  queue_.close();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

void WorkerPool::work(unsigned worker) {
  std::vector<Errand<unsigned>> errands;
  while (queue_.take(errands, 1)) {
    std::exception_ptr error;
    try {
      errands.front().work(worker);
    } catch (...) {
      error = std::current_exception();
    }
    errands.front().done(std::move(error));
    errands.clear();
  }
}

}  // namespace atrium::storage
