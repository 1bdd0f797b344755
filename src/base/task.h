#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>
#include <variant>

#include "base/log.h"

namespace atrium {

template <class T>
class Task;

namespace task_parts {

template <class T>
struct Outcome {
  std::variant<std::monostate, T, std::exception_ptr> value;
  void return_value(T result) { value.template emplace<1>(std::move(result)); }
  void unhandled_exception() { value.template emplace<2>(std::current_exception()); }
  T take() {
    if (value.index() == 2) std::rethrow_exception(std::get<2>(value));
    return std::move(std::get<1>(value));
  }
};

template <>
struct Outcome<void> {
  std::exception_ptr error;
  void return_void() {}
  void unhandled_exception() { error = std::current_exception(); }
  void take() {
    if (error) std::rethrow_exception(error);
  }
};

}  // namespace task_parts

/// A coroutine that starts when it is awaited and resumes its awaiter when it ends; an exception travels to the awaiter.
/// It runs on the shard of its awaiter: what it awaits below (a worker pool, a timer) must resume it there.
/// The Task owns the frame; it must outlive the await, which `co_await f()` guarantees.
template <class T = void>
class [[nodiscard]] Task final {
 public:
  struct promise_type : task_parts::Outcome<T> {
    std::coroutine_handle<> awaiter = std::noop_coroutine();

    Task get_return_object() { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept {
      struct Resume {
        bool await_ready() noexcept { return false; }
        std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
          return self.promise().awaiter;
        }
        void await_resume() noexcept {}
      };
      return Resume{};
    }
  };

  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (frame_) frame_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiter) noexcept {
    frame_.promise().awaiter = awaiter;
    return frame_;
  }
  T await_resume() { return frame_.promise().take(); }

 private:
  explicit Task(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
  std::coroutine_handle<promise_type> frame_;
};

namespace task_parts {

struct Detached {
  struct promise_type {
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

}  // namespace task_parts

/// Runs a task that nobody awaits, from here to its first wait. An exception that leaves it is a bug of ours: logged.
inline task_parts::Detached spawn(Task<void> task) {
  try {
    co_await task;
  } catch (const std::exception& error) {
    log::error("a detached task failed: {}", error.what());
  }
}

}  // namespace atrium
