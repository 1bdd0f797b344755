#pragma once

#include <cassert>
#include <coroutine>
#include <optional>

#include "net/shard.h"

namespace atrium::net {

/// `co_await pause(10ms)`: the coroutine goes on after that time, on the shard where it waits. What is destroyed while it waits
/// does not go on.
class Pause final {
 public:
  explicit Pause(Duration duration) : duration_(duration) {}

  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> coroutine) {
    Shard* const shard = Shard::current();
    assert(shard && "a pause is awaited on a shard");
    // The last that happens here: the coroutine may end, and this object with it.
    over_.emplace([coroutine] { coroutine.resume(); });
    shard->deadlines().arm(*over_, duration_);
  }
  void await_resume() const {}

 private:
  const Duration duration_;
  std::optional<Deadline> over_;
};

inline Pause pause(Duration duration) { return Pause(duration); }

}  // namespace atrium::net
