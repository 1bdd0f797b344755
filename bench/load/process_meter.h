#pragma once

#include <sys/types.h>

#include <cstdint>

namespace atrium::bench {

/// What another process has cost so far, as the kernel counts it.
class ProcessMeter final {
 public:
  explicit ProcessMeter(pid_t pid) : pid_(pid) {}

  /// User and system time of all its threads, of those that ended too. In steps of a clock tick (10 ms as a rule).
  std::int64_t cpu_us() const;
  std::int64_t rss_bytes() const;
  pid_t pid() const { return pid_; }

 private:
  const pid_t pid_;
};

}  // namespace atrium::bench
