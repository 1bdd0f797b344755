#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "net/shard.h"

namespace atrium::net {

/// All shards of a process. Built and destroyed by one thread, which also calls run() and stays in it.
class ShardSet final {
 public:
  ShardSet(unsigned count, const Clock& clock);

  std::size_t size() const { return shards_.size(); }
  Shard& operator[](std::size_t index) { return *shards_[index]; }
  /// The shard that is home to `key`: the same one for the same key as long as the process lives.
  Shard& home_of(std::string_view key) { return *shards_[std::hash<std::string_view>{}(key) % shards_.size()]; }

  auto begin() { return shards_.begin(); }
  auto end() { return shards_.end(); }

  /// Runs shard 0 on the calling thread and each other one on a thread of its own, until stop(). When it returns, all that was
  /// posted has been done, so that nobody waits for an answer any more.
  void run();
  /// Any thread.
  void stop();

 private:
  std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace atrium::net
