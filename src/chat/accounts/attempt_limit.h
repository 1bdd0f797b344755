#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/task.h"
#include "base/token_bucket.h"
#include "net/shard_set.h"

namespace atrium::chat {

/// How often something may be tried under a name, such as a sign-in with one address from one place: five times, then once in
/// twelve seconds. A pure value of bounded size: what nobody has tried for a minute is forgotten, and under a flood of names
/// those that were not tried lately.
class AttemptTable final {
 public:
  static constexpr int kBurst = 5;
  static constexpr Duration kRefill = std::chrono::seconds(12);
  static constexpr std::size_t kMaxNames = 10'000;  ///< twice, at most

  /// None: go on. Else how long to wait.
  std::optional<Duration> take(const std::string& name, TimePoint now);
  std::size_t size() const { return recent_.size() + older_.size(); }

 private:
  using Buckets = std::unordered_map<std::string, TokenBucket>;

  Buckets recent_;
  Buckets older_;  ///< full by the time it is dropped, unless there are too many
  TimePoint since_ = TimePoint::min();
};

/// The attempts of all shards: each name is counted at its home shard.
class AttemptLimit final {
 public:
  explicit AttemptLimit(net::ShardSet& shards) : shards_(shards), tables_(shards.size()) {}

  /// Any shard, resumes there.
  Task<std::optional<Duration>> take(std::string name);

 private:
  net::ShardSet& shards_;
  std::vector<AttemptTable> tables_;  ///< one a shard, touched by that shard only
};

}  // namespace atrium::chat
