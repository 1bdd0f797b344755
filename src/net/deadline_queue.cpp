#include "net/deadline_queue.h"

namespace atrium::net {

void DeadlineQueue::arm(Deadline& deadline, Duration after) {
  deadline.cancel();
  deadline.due_ = clock_.now() + after;
  lines_[after].push_back(deadline);
}

void DeadlineQueue::expire() {
  const TimePoint now = clock_.now();
  Line due;
  for (auto& [duration, line] : lines_) {
    while (!line.empty() && line.front().due_ <= now) {
      Deadline& first = line.front();
      line.pop_front();
      due.push_back(first);
    }
  }
  // A deadline may cancel or destroy another that is due: it leaves this list by itself then.
  while (!due.empty()) {
    Deadline& first = due.front();
    due.pop_front();
    first.on_due_();
  }
}

namespace {

/// Who waits for long is woken together with others: later by a two-hundredth, and by a tenth of a second at most.
TimePoint rounded_up(TimePoint due, Duration waited) {
  const Duration leeway = std::min<Duration>(waited / 200, std::chrono::milliseconds(100));
  if (leeway < std::chrono::milliseconds(1)) return due;
  const Duration past = due.time_since_epoch() % leeway;
  return past == Duration::zero() ? due : due + (leeway - past);
}

}  // namespace

std::optional<TimePoint> DeadlineQueue::next() {
  std::optional<TimePoint> earliest;
  for (auto line = lines_.begin(); line != lines_.end();) {
    if (line->second.empty()) {
      line = lines_.erase(line);
      continue;
    }
    const TimePoint due = rounded_up(line->second.front().due_, line->first);
    if (!earliest || due < *earliest) earliest = due;
    ++line;
  }
  return earliest;
}

}  // namespace atrium::net
