#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <string>

namespace atrium::test {

/// What happened on other threads, in order, for a test that waits for it. Any thread.
class EventQueue final {
 public:
  void push(std::string event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
    arrived_.notify_all();
  }

  /// The next event, waited for as long as a broken build may need to be told so.
  std::string next() {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_for(lock, std::chrono::seconds(20), [this] { return !events_.empty(); })) {
      throw std::runtime_error("nothing happened");
    }
    std::string event = std::move(events_.front());
    events_.pop_front();
    return event;
  }

  bool empty() {
    const std::lock_guard lock(mutex_);
    return events_.empty();
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::string> events_;
};

}  // namespace atrium::test
