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
    all.push_back({entry->job.name, entry->job.description, entry->next, entry->last, entry->runs, entry->skipped});
  }
  return all;
}

Task<void> Scheduler::run(std::shared_ptr<Entry> entry) {
  try {
    co_await entry->job.run();
  } catch (const std::exception& error) {
    log::error("cron: {} failed: {}", entry->job.name, error.what());
  }
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
    entry->running = true;
    entry->last = now;
    ++entry->runs;
    spawn(run(entry));
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
