#include "chat/presence/presence_feed.h"

namespace atrium::chat {

using storage::UserId;

namespace {

/// A sign of life alone is no news.
bool same(const std::optional<PresenceFeed::Shown>& a, const std::optional<PresenceFeed::Shown>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return a->status == b->status && a->who->name == b->who->name;
}

}  // namespace

bool PresenceFeed::show(const UserId& user, std::optional<Shown> shown, TimePoint now) {
  const auto [found, is_new] = cards_.try_emplace(user);
  Card& card = found->second;
  const bool changes = !same(card.live, shown);
  live_count_ += shown.has_value();
  live_count_ -= card.live.has_value();
  card.live = std::move(shown);
  if (!changes) {
    if (is_new) cards_.erase(found);
    return false;
  }
  if (!opened_) {
    opened_ = now;
    soon_after_ = flushed_ && now - *flushed_ < kSteady;
  }
  ++transitions_;
  if (!same(card.live, card.told)) {
    changed_.insert(user);
  } else {
    changed_.erase(user);
    if (!card.live) cards_.erase(found);
  }
  if (live_count_ > options_.full_max) mode_ = Mode::large;
  return true;
}

Duration PresenceFeed::window() const {
  if (options_.window) return *options_.window;
  if (transitions_ > kStormy) return kStorm;
  return transitions_ > kBusy || soon_after_ ? kSteady : kQuiet;
}

std::optional<TimePoint> PresenceFeed::due() const {
  std::optional<TimePoint> due;
  if (opened_) due = *opened_ + window();
  if (mode_ == Mode::large && counted_ != live_count_) {
    const TimePoint count = count_due_.value_or(opened_.value_or(TimePoint()));
    due = due ? std::min(*due, count) : count;
  }
  return due;
}

PresenceFeed::Flush PresenceFeed::flush(TimePoint now) {
  Flush flush;
  if (opened_ && *opened_ + window() <= now) {
    if (!changed_.empty()) flush.diff = take_changes();
    opened_.reset();
    transitions_ = 0;
    flushed_ = now;
    // Not as soon as there is one less, or each who comes and goes at the limit would cost a snapshot for everybody.
    flush.full_again = mode_ == Mode::large && live_count_ < options_.full_max - options_.full_max / 5;
    if (flush.full_again) mode_ = Mode::full;
  }
  flush.mode = mode_;
  if (flush.diff) tell_legacy(flush);
  if (flush.full_again) {
    for (auto& [user, card] : cards_) card.legacy = card.told.has_value();
    counted_.reset();
  }
  if (mode_ == Mode::large && counted_ != live_count_ && (!count_due_ || *count_due_ <= now)) {
    flush.count = counted_ = live_count_;
    count_due_ = now + kCountInterval;
  }
  return flush;
}

PresenceFeed::Diff PresenceFeed::take_changes() {
  Diff diff{.from = wver_, .wver = wver_ + 1, .offline = {}, .online = {}, .updated = {}};
  wver_ = diff.wver;
  for (const UserId& user : changed_) {
    Card& card = cards_.at(user);
    if (!card.live) {
      diff.offline.push_back({user, *card.told});
    } else {
      (card.told ? diff.updated : diff.online).push_back({user, *card.live});
    }
    card.told = card.live;
  }
  changed_.clear();
  return diff;
}

void PresenceFeed::tell_legacy(Flush& flush) {
  for (const Change& change : flush.diff->offline) {
    const auto card = cards_.find(change.user);
    if (card->second.legacy) flush.legacy_offline.push_back(change);
    cards_.erase(card);
  }
  if (mode_ == Mode::large) return;
  for (const Change& change : flush.diff->online) {
    cards_.at(change.user).legacy = true;
    flush.legacy_online.push_back(change);
  }
}

std::vector<PresenceFeed::Change> PresenceFeed::told() const {
  std::vector<Change> all;
  for (const auto& [user, card] : cards_) {
    if (card.told) all.push_back({user, *card.told});
  }
  return all;
}

const PresenceFeed::Shown* PresenceFeed::told(const UserId& user) const {
  const auto card = cards_.find(user);
  return card == cards_.end() || !card->second.told ? nullptr : &*card->second.told;
}

bool PresenceFeed::told_legacy(const UserId& user) const {
  const auto card = cards_.find(user);
  return card != cards_.end() && card->second.legacy;
}

std::vector<UserId> PresenceFeed::told_legacy() const {
  std::vector<UserId> users;
  for (const auto& [user, card] : cards_) {
    if (card.legacy) users.push_back(user);
  }
  return users;
}

const PresenceFeed::Shown* PresenceFeed::live(const UserId& user) const {
  const auto card = cards_.find(user);
  return card == cards_.end() || !card->second.live ? nullptr : &*card->second.live;
}

}  // namespace atrium::chat
