#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "chat/presence/presence_tracker.h"

namespace atrium::chat {

/// What the members of one workspace are told of each other. Changes gather in a window, in which opposite ones cancel, and are
/// told together as the step from one version to the next. Up to `full_max` users everybody hears everything; beyond, clients
/// with "presence.v2" get a count, and the others hear only the end of those whom they know to be online.
/// A pure value: time is an argument, and what flush() returns is to be said by somebody else.
class PresenceFeed final {
 public:
  using Shown = PresenceTracker::Shown;
  enum class Mode { full, large };

  struct Options {
    std::size_t full_max = 250;
    std::optional<Duration> window;  ///< none: kQuiet to kStorm, by how much happens; zero: each change at once
  };

  struct Change {
    storage::UserId user;
    Shown shown;  ///< as he is now; of those who are offline: as he was
  };
  struct Diff {
    std::uint64_t from = 0;
    std::uint64_t wver = 0;
    std::vector<Change> offline;
    std::vector<Change> online;
    std::vector<Change> updated;
  };
  struct Flush {
    Mode mode = Mode::full;
    std::optional<Diff> diff;
    /// For those who know single events only.
    std::vector<Change> legacy_offline;
    std::vector<Change> legacy_online;
    std::optional<std::size_t> count;  ///< of those online, to be told in mode large
    bool full_again = false;           ///< there are few again: everybody needs the state anew
  };

  explicit PresenceFeed(Options options) : options_(options) {}

  /// `user` is from now on as `shown` says, none: offline. False when he is so already.
  bool show(const storage::UserId& user, std::optional<Shown> shown, TimePoint now);
  /// When flush() has something to tell.
  std::optional<TimePoint> due() const;
  Flush flush(TimePoint now);

  /// Changes at once to large, and by a flush to full.
  Mode mode() const { return mode_; }
  /// As of the last flush.
  std::uint64_t wver() const { return wver_; }
  std::vector<Change> told() const;
  const Shown* told(const storage::UserId& user) const;
  /// Whether clients that know single events only take him for online.
  bool told_legacy(const storage::UserId& user) const;
  std::vector<storage::UserId> told_legacy() const;
  /// As it is now.
  std::size_t live_count() const { return live_count_; }
  const Shown* live(const storage::UserId& user) const;
  /// Calls `visit(user, shown)` for those after `after`, by id, until it returns false.
  template <class Visit>
  void each_live(const storage::UserId& after, Visit visit) const {
    for (auto card = cards_.upper_bound(after); card != cards_.end(); ++card) {
      if (card->second.live && !visit(card->first, *card->second.live)) return;
    }
  }

  static constexpr Duration kQuiet = std::chrono::milliseconds(250);  ///< the window after a time without changes
  static constexpr Duration kSteady = std::chrono::seconds(1);        ///< after another, or with more than kBusy changes
  static constexpr Duration kStorm = std::chrono::seconds(5);         ///< with more than kStormy
  static constexpr std::size_t kBusy = 50;
  static constexpr std::size_t kStormy = 500;
  static constexpr Duration kCountInterval = std::chrono::seconds(2);

 private:
  struct Card {
    std::optional<Shown> live;
    std::optional<Shown> told;
    bool legacy = false;  ///< told as single events
  };

  Duration window() const;
  Diff take_changes();
  void tell_legacy(Flush& flush);

  const Options options_;
  std::map<storage::UserId, Card> cards_;
  std::set<storage::UserId> changed_;  ///< whose live is not told
  Mode mode_ = Mode::full;
  std::uint64_t wver_ = 0;
  std::size_t live_count_ = 0;
  std::optional<TimePoint> opened_;  ///< the window, by its first change
  std::size_t transitions_ = 0;      ///< since then
  bool soon_after_ = false;          ///< it opened soon after the last
  std::optional<TimePoint> flushed_;
  std::optional<std::size_t> counted_;  ///< the count that was told last
  std::optional<TimePoint> count_due_;  ///< the next one, at the earliest
};

}  // namespace atrium::chat
