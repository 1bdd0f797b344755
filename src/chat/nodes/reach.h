#pragma once

#include <atomic>
#include <functional>

#include "base/log.h"

namespace atrium::chat {

/// Whether the other nodes are within reach, as far as that depends on the Redis between us. Any thread.
class Reach final {
 public:
  void tell(bool up) {
    if (up_.exchange(up) == up) return;
    if (up) {
      log::info("the other nodes are within reach");
    } else {
      log::warn("the Redis is gone: this node goes on by itself until it is back");
    }
    if (on_change_) on_change_(up);
  }
  /// Before the start. Called where tell() is.
  void on_change(std::function<void(bool up)> listener) { on_change_ = std::move(listener); }
  bool up() const { return up_; }

 private:
  std::atomic<bool> up_ = false;
  std::function<void(bool up)> on_change_;
};

}  // namespace atrium::chat
