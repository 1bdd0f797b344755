#pragma once

#include <boost/intrusive/list.hpp>
#include <map>
#include <optional>

#include "base/clock.h"
#include "base/unique_function.h"

namespace atrium::net {

/// Something that is due once, unless it is cancelled or armed anew before. A member of what it belongs to: when that goes,
/// the deadline is cancelled with it. Stays on the shard of its queue.
class Deadline final : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  explicit Deadline(UniqueFunction<void()> on_due) : on_due_(std::move(on_due)) {}
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  bool armed() const { return is_linked(); }
  void cancel() {
    if (is_linked()) unlink();
  }

 private:
  friend class DeadlineQueue;
  TimePoint due_{};
  UniqueFunction<void()> on_due_;
};

/// All deadlines of one shard, in O(1): everything that waits for the same duration stands in one line, in order, so
/// only the heads are compared. Pure: time comes from the clock, the shard calls expire().
class DeadlineQueue final {
 public:
  explicit DeadlineQueue(const Clock& clock) : clock_(clock) {}

  /// (Re)arms `deadline` to be due `after` from now. Zero or less: at the next expire().
  void arm(Deadline& deadline, Duration after);

  /// Runs whatever is due, oldest first within a duration. What it arms in turn is due at a later call at the earliest.
  void expire();

  /// When expire() should be called next, so that one call serves many: later than the first is due by up to a two-hundredth of
  /// what it waits for. None when nothing is armed.
  std::optional<TimePoint> next();

  const Clock& clock() const { return clock_; }

 private:
  using Line = boost::intrusive::list<Deadline, boost::intrusive::constant_time_size<false>>;
  const Clock& clock_;
  std::map<Duration, Line> lines_;
};

}  // namespace atrium::net
