#pragma once

#include <atomic>

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
  }
  bool up() const { return up_; }

 private:
  std::atomic<bool> up_ = false;
};

}  // namespace atrium::chat
