#pragma once

#include <coroutine>

#include "net/shard.h"

namespace atrium::net {

/// `co_await hop_to(shard)`: the coroutine goes on on `shard`, after everything that was posted there before. Nothing happens
/// when it is there already.
class HopTo final {
 public:
  explicit HopTo(Shard& shard) : shard_(shard) {}

  bool await_ready() const { return Shard::current() == &shard_; }
  void await_suspend(std::coroutine_handle<> coroutine) const {
    shard_.post([coroutine] { coroutine.resume(); });
  }
  void await_resume() const {}

 private:
  Shard& shard_;
};

inline HopTo hop_to(Shard& shard) { return HopTo(shard); }

}  // namespace atrium::net
