#pragma once

#include <string>
#include <vector>

#include "base/keyed_buckets.h"
#include "base/task.h"
#include "net/shard_set.h"

namespace atrium::chat {

/// How often something may be tried under a name, such as a sign-in with one address from one place: five times, then once in
/// twelve seconds, unless it is said otherwise. Each name is counted at its home shard; under a flood of names those that were
/// not tried lately are forgotten.
class AttemptLimit final {
 public:
  static constexpr int kBurst = 5;
  static constexpr Duration kRefill = std::chrono::seconds(12);
  static constexpr std::size_t kMaxNames = 10'000;  ///< that one shard keeps, twice at most

  explicit AttemptLimit(net::ShardSet& shards, const Rate& rate = Rate(kBurst, kRefill))
      : shards_(shards), tables_(shards.size(), KeyedBuckets(rate, kMaxNames)) {}

  /// Any shard, resumes there.
  Task<std::optional<Duration>> take(std::string name);

 private:
  net::ShardSet& shards_;
  std::vector<KeyedBuckets> tables_;  ///< one a shard, touched by that shard only
};

}  // namespace atrium::chat
