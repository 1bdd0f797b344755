#include "net/shard_set.h"

namespace atrium::net {

ShardSet::ShardSet(unsigned count, const Clock& clock) {
  for (unsigned i = 0; i < count; ++i) shards_.push_back(std::make_unique<Shard>(i, clock));
}

void ShardSet::run() {
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < shards_.size(); ++i) threads.emplace_back([&shard = *shards_[i]] { shard.run(); });
  shards_.front()->run();
}

void ShardSet::stop() {
  for (auto& shard : shards_) shard->stop();
}

}  // namespace atrium::net
