#include "cron/scheduler.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace atrium::cron {

namespace {

/// Deadlines follow the time that passes, jobs the calendar clock, which people and time servers set: that is noticed
/// within this time.
constexpr Duration kLongestSleep = std::chrono::minutes(1);

}  // namespace

struct Scheduler::Entry {
  explicit Entry(Job added) : job(std::move(added)) {}
  Job job;
  std::optional<WallTime> next;
  std::optional<WallTime> last;
  std::uint64_t runs = 0;
  std::uint64_t skipped = 0;
  bool running = false;
  std::optional<Duration> took;
  std::string error;
};

Scheduler::Scheduler(net::DeadlineQueue& deadlines, const Clock& clock)
    : clock_(clock), deadlines_(deadlines), wake_([this] { wake(); }) {}

Scheduler::~Scheduler() = default;

void Scheduler::add(Job job) {
  entries_.push_back(std::make_shared<Entry>(std::move(job)));
  if (!started_) return;
  schedule(*entries_.back());
  arm();
}

void Scheduler::start() {
  if (std::exchange(started_, true)) return;
  woken_ = clock_.wall();
  for (const auto& entry : entries_) schedule(*entry);
  arm();
}

void Scheduler::stop() {
  started_ = false;
  wake_.cancel();
  for (const auto& entry : entries_) entry->next.reset();
}

std::vector<JobStatus> Scheduler::status() const {
  std::vector<JobStatus> all;
  for (const auto& entry : entries_) {
    all.push_back({.name = entry->job.name,
                   .description = entry->job.description,
                   .schedule = entry->job.expression.text(),
                   .next = entry->next,
                   .last = entry->last,
                   .runs = entry->runs,
                   .skipped = entry->skipped,
                   .running = entry->running,
                   .took = entry->took,
                   .error = entry->error});
  }
  return all;
}

Task<bool> Scheduler::run_now(std::string name) {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const auto& entry) { return entry->job.name == name; });
  if (found == entries_.end() || (*found)->running) co_return false;
  co_await run(*found, clock_);
  co_return true;
}

Task<void> Scheduler::run(std::shared_ptr<Entry> entry, const Clock& clock) {
  entry->running = true;
  entry->last = clock.wall();
  ++entry->runs;
  const TimePoint begin = clock.now();
  std::string failure;
  try {
    co_await entry->job.run();
  } catch (const std::exception& error) {
    failure = error.what();
    log::error("cron: {} failed: {}", entry->job.name, failure);
  }
  entry->error = std::move(failure);
  entry->took = clock.now() - begin;
  entry->running = false;
}

void Scheduler::schedule(Entry& entry) const { entry.next = entry.job.expression.next_after(clock_.wall(), entry.job.zone); }

void Scheduler::wake() {
  const WallTime now = clock_.wall();
  const bool set_back = now < std::exchange(woken_, now);
  // A job may add another one, or stop the scheduler.
  std::vector<std::shared_ptr<Entry>> due;
  for (const auto& entry : entries_) {
    if (entry->next && *entry->next <= now) {
      due.push_back(entry);
      schedule(*entry);
    } else if (set_back) {
      schedule(*entry);
    }
  }
  arm();
  for (const auto& entry : due) {
    if (!started_) return;
    if (entry->running) {
      ++entry->skipped;
      continue;
    }
    spawn(run(entry, clock_));
  }
}

void Scheduler::arm() {
  std::optional<WallTime> first;
  for (const auto& entry : entries_) {
    if (entry->next && (!first || *entry->next < *first)) first = entry->next;
  }
  if (!first) return wake_.cancel();
  deadlines_.arm(wake_, std::min<Duration>(*first - clock_.wall(), kLongestSleep));
}

}  // namespace atrium::cron
