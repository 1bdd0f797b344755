#include "net/shard_set.h"

namespace atrium::net {

ShardSet::ShardSet(unsigned count, const Clock& clock) {
  for (unsigned i = 0; i < count; ++i) shards_.push_back(std::make_unique<Shard>(i, clock));
}

void ShardSet::run() {
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < shards_.size(); ++i) threads.emplace_back([&shard = *shards_[i]] { shard.run(); });
    shards_.front()->run();
  }
  // Who is on his way through the shards comes to an end; who goes round for ever does not hold up the end of the program.
  constexpr int kRounds = 10'000;
  bool busy = true;
  for (int round = 0; busy && round < kRounds; ++round) {
    busy = false;
    for (auto& shard : shards_) busy |= shard->finish();
  }
}

void ShardSet::stop() {
  for (auto& shard : shards_) shard->stop();
}

}  // namespace atrium::net
