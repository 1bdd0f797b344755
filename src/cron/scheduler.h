#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/task.h"
#include "base/unique_function.h"
#include "cron/cron_expression.h"
#include "cron/time_zone.h"
#include "net/deadline_queue.h"

namespace atrium::cron {

struct Job {
  std::string name;
  std::string description;  ///< for people
  CronExpression expression;
  TimeZone zone = TimeZone::utc();
  UniqueFunction<Task<void>()> run;  ///< what it throws is logged under the job's name
};

struct JobStatus {
  std::string name;
  std::string description;
  std::string schedule;          ///< the expression
  std::optional<WallTime> next;  ///< none: not started, or the expression names no date that exists
  std::optional<WallTime> last;  ///< when it last began
  std::uint64_t runs = 0;        ///< begun
  std::uint64_t skipped = 0;     ///< was due while the run before had not ended
  bool running = false;
  std::optional<Duration> took;  ///< the last run that ended
  std::string error;             ///< of the last run that ended; empty: it did what it should
};

/// Runs jobs when their expressions say so, one run of a job at a time. Everything happens on the shard of `deadlines`;
/// the scheduler is built, used and destroyed there or while that shard does not run. A run that waits when the
/// scheduler is destroyed goes on to its end.
class Scheduler final {
 public:
  /// `clock` tells the calendar time; both outlive the scheduler.
  Scheduler(net::DeadlineQueue& deadlines, const Clock& clock);
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  /// Before start(), or later.
  void add(Job job);

  void start();
  /// Nothing begins any more; what runs, ends by itself.
  void stop();

  /// Runs the job once, whatever its expression says, and resumes when it has ended. False: there is none of that name, or it
  /// is running.
  Task<bool> run_now(std::string name);

  /// In the order they were added.
  std::vector<JobStatus> status() const;

 private:
  struct Entry;
  /// `clock` outlives every run.
  static Task<void> run(std::shared_ptr<Entry> entry, const Clock& clock);
  void schedule(Entry& entry) const;
  void wake();
  void arm();

  const Clock& clock_;
  net::DeadlineQueue& deadlines_;
  net::Deadline wake_;
  bool started_ = false;
  WallTime woken_{};  ///< what the clock showed last
  std::vector<std::shared_ptr<Entry>> entries_;
};

}  // namespace atrium::cron
