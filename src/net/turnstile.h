#pragma once

#include <coroutine>
#include <utility>
#include <vector>

namespace atrium::net {

/// Lets coroutines through one at a time, in the order they came: what one client asks for is done in the order of asking,
/// though each step may wait for a database. Stays on one shard; outlives those who wait.
///
///     auto turn = co_await turnstile.enter();     // until `turn` goes or is given up
class Turnstile final {
 public:
  class Turn final {
   public:
    explicit Turn(Turnstile& turnstile) : turnstile_(&turnstile) {}
    Turn(Turn&& other) noexcept : turnstile_(std::exchange(other.turnstile_, nullptr)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn() { give_up(); }
    void give_up() {
      if (turnstile_) std::exchange(turnstile_, nullptr)->leave();
    }

   private:
    Turnstile* turnstile_;
  };

  struct Entering {
    Turnstile& turnstile;
    bool await_ready() const { return !std::exchange(turnstile.busy_, true); }
    void await_suspend(std::coroutine_handle<> coroutine) const { turnstile.waiting_.push_back(coroutine); }
    Turn await_resume() const { return Turn(turnstile); }
  };

  Entering enter() { return Entering{*this}; }
  /// For whoever is the first for sure and cannot wait.
  Turn enter_first() {
    busy_ = true;
    return Turn(*this);
  }
  std::size_t waiting() const { return waiting_.size(); }

 private:
  void leave() {
    if (waiting_.empty()) {
      busy_ = false;
      return;
    }
    const auto next = waiting_.front();
    waiting_.erase(waiting_.begin());
    next.resume();
  }

  bool busy_ = false;
  std::vector<std::coroutine_handle<>> waiting_;  ///< few, and mostly none; an empty deque would own half a kilobyte
};

}  // namespace atrium::net
