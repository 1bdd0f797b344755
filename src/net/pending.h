#pragma once

#include <coroutine>
#include <optional>
#include <utility>

#include "base/unique_function.h"

namespace atrium::net {

/// An answer that is still to come, asked for only when somebody waits for it: by `co_await`, or with a callback.
///
///     const auto sockets = co_await io.in("room").fetch_sockets();
///     io.in("room").fetch_sockets().then([](auto sockets) { ... });
///
/// The answer comes exactly once, on the shard that asked. The coroutine must live until then, and waits on a shard: a thread
/// that is none has its answer on the first one, so it takes a callback.
template <class T>
class [[nodiscard]] Pending final {
 public:
  using Callback = UniqueFunction<void(T)>;
  /// Asks. May call back before it returns.
  using Ask = UniqueFunction<void(Callback)>;

  explicit Pending(Ask ask) : ask_(std::move(ask)) {}

  void then(Callback callback) { ask_(std::move(callback)); }

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> waiter) {
    ask_([this, waiter](T answer) {
      answer_.emplace(std::move(answer));
      if (asked_) waiter.resume();
    });
    asked_ = true;
    return !answer_;
  }
  T await_resume() { return std::move(*answer_); }

 private:
  Ask ask_;
  std::optional<T> answer_;
  bool asked_ = false;  ///< the asking has returned: the waiter sleeps
};

}  // namespace atrium::net
