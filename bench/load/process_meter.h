#pragma once

#include <sys/types.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace atrium::bench {

/// What other processes have cost so far, together, as the kernel counts it.
class ProcessMeter final {
 public:
  explicit ProcessMeter(std::vector<pid_t> pids) : pids_(std::move(pids)) {}

  /// User and system time of all their threads, of those that ended too. In steps of a clock tick (10 ms as a rule).
  std::int64_t cpu_us() const;
  std::int64_t rss_bytes() const;
  const std::vector<pid_t>& pids() const { return pids_; }

 private:
  const std::vector<pid_t> pids_;
};

}  // namespace atrium::bench
