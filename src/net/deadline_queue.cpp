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

std::optional<TimePoint> DeadlineQueue::next() {
  std::optional<TimePoint> earliest;
  for (auto line = lines_.begin(); line != lines_.end();) {
    if (line->second.empty()) {
      line = lines_.erase(line);
      continue;
    }
    const TimePoint due = line->second.front().due_;
    if (!earliest || due < *earliest) earliest = due;
    ++line;
  }
  return earliest;
}

}  // namespace atrium::net
