#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace atrium::storage {

enum class Pushed : std::uint8_t { accepted, full, closed };

/// Hands items from any thread to those that take(), in order. It refuses rather than grows: when the takers cannot
/// keep up, whoever pushes learns of it at once.
template <class T>
class BoundedQueue final {
 public:
  explicit BoundedQueue(std::size_t bound) : bound_(bound) {}

  Pushed push(T item) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return Pushed::closed;
      if (items_.size() >= bound_) return Pushed::full;
      items_.push_back(std::move(item));
    }
    something_.notify_one();
    return Pushed::accepted;
  }

  /// Waits until there is something and appends up to `at_most` of it to `to`. False: closed, and all was taken.
  bool take(std::vector<T>& to, std::size_t at_most) {
    std::unique_lock lock(mutex_);
    something_.wait(lock, [this] { return closed_ || !items_.empty(); });
    for (; at_most > 0 && !items_.empty(); --at_most) {
      to.push_back(std::move(items_.front()));
      items_.pop_front();
    }
    return !to.empty();
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return items_.size();
  }

  /// Refuses from now on; what was accepted can still be taken.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    something_.notify_all();
  }

 private:
  const std::size_t bound_;
  mutable std::mutex mutex_;
  std::condition_variable something_;
  std::deque<T> items_;
  bool closed_ = false;
};

}  // namespace atrium::storage
