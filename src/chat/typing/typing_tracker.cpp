#include "chat/typing/typing_tracker.h"

#include <algorithm>

namespace atrium::chat {

using What = TypingNews::What;
using To = TypingNews::To;

TypingTracker::News TypingTracker::start(const Typist& typist, const std::string& socket, TypingDialect dialect,
                                         TimePoint now) {
  News news;
  if (off()) return news;
  const TimePoint until = now + (dialect == TypingDialect::v2 ? rules_.ttl_v2 : rules_.ttl);
  const auto found = typings_.find(typist.key);
  if (found != typings_.end()) {
    Typing& typing = found->second;
    typing.sockets[socket] = until;
    earliest_ = std::min(earliest_, until);
    const bool due = room_ == RoomSize::ordinary && typing.told + rules_.rebroadcast <= now;
    if (due && take_allowance(socket, now)) {
      typing.told = now;
      news.push_back({.what = What::again, .to = To::v2, .typist = typist, .unaware = typing.unaware});
    }
    return news;
  }
  if (!take_allowance(socket, now)) return news;
  return begin(typist, socket, until, now);
}

TypingTracker::News TypingTracker::relay(const Typist& typist, const std::string& socket, TimePoint until, TimePoint now) {
  News news;
  if (off()) return news;
  const auto found = typings_.find(typist.key);
  if (found == typings_.end()) return begin(typist, socket, until, now);
  Typing& typing = found->second;
  typing.sockets[socket] = until;
  earliest_ = std::min(earliest_, until);
  if (room_ == RoomSize::ordinary && typing.told + rules_.rebroadcast <= now) {
    typing.told = now;
    news.push_back({.what = What::again, .to = To::v2, .typist = typist, .unaware = typing.unaware});
  }
  return news;
}

TypingTracker::News TypingTracker::begin(const Typist& typist, const std::string& socket, TimePoint until, TimePoint now) {
  News news;
  earliest_ = std::min(earliest_, until);
  Typing& typing =
      typings_.emplace(typist.key, Typing{.typist = typist, .number = begun_++, .sockets = {{socket, until}}}).first->second;
  if (room_ == RoomSize::ordinary) show(typing, now, news);
  touch(now, news);
  return news;
}

bool TypingTracker::take_allowance(const std::string& socket, TimePoint now) {
  return !kStarts.take(allowances_.try_emplace(socket, TimePoint::min()).first->second, now);
}

TypingTracker::News TypingTracker::stop(const std::string& key, const std::string& socket, TimePoint now) {
  const auto found = typings_.find(key);
  if (found == typings_.end()) return {};
  found->second.sockets.erase(socket);
  if (!found->second.sockets.empty() || messages_.contains(key)) return {};
  return clear(key, now);
}

TypingTracker::News TypingTracker::clear(const std::string& key, TimePoint now) {
  News news;
  const auto found = typings_.find(key);
  if (found == typings_.end()) return news;
  hide(found->second, news);
  typings_.erase(found);
  touch(now, news);
  return news;
}

TypingTracker::News TypingTracker::message_done(const std::string& key, TimePoint now) {
  const auto found = messages_.find(key);
  if (found != messages_.end() && --found->second == 0) messages_.erase(found);
  return clear(key, now);
}

TypingTracker::News TypingTracker::expire(TimePoint now) {
  News news;
  if (earliest_ <= now) {
    earliest_ = TimePoint::max();
    const std::size_t before = typings_.size();
    for (auto at = typings_.begin(); at != typings_.end();) {
      auto& [key, typing] = *at;
      std::erase_if(typing.sockets, [now](const auto& socket) { return socket.second <= now; });
      for (const auto& [socket, until] : typing.sockets) earliest_ = std::min(earliest_, until);
      if (typing.sockets.empty() && !messages_.contains(key)) {
        hide(typing, news);
        at = typings_.erase(at);
      } else {
        ++at;
      }
    }
    if (typings_.size() < before) touch(now, news);
  }
  if (state_due_ && *state_due_ <= now) tell_state(kNamedAtOnce, now, news);
  return news;
}

// --- the size of the room

TypingTracker::RoomSize TypingTracker::size_for(std::size_t listeners) const {
  // A room that has grown must shrink by a tenth before it counts as smaller, so that who comes and goes at the bound does not
  // have everybody told everything anew each time.
  const auto exceeds = [&](std::size_t bound, RoomSize size) {
    return listeners > (room_ >= size ? bound - bound / 10 : bound);
  };
  if (exceeds(rules_.huge_room, RoomSize::huge)) return RoomSize::huge;
  return exceeds(rules_.large_room, RoomSize::large) ? RoomSize::large : RoomSize::ordinary;
}

TypingTracker::News TypingTracker::resize(std::size_t listeners, TimePoint now) {
  News news;
  const RoomSize size = size_for(listeners);
  if (size == room_) return news;
  for (auto& [key, typing] : typings_) hide(typing, news);
  if (!told_state_.empty()) news.push_back({.what = What::state, .to = To::v2});
  told_state_ = {};
  state_due_.reset();
  room_ = size;
  if (off()) {
    typings_.clear();
  } else if (size == RoomSize::large) {
    tell_state(kNamed, now, news);
  } else {
    show_more(typings_.size(), now, news);
  }
  return news;
}

void TypingTracker::touch(TimePoint now, News& news) {
  if (room_ != RoomSize::large) return;
  const TimePoint due = large_told_ + kStateGap;
  if (due <= now) {
    tell_state(kNamedAtOnce, now, news);
  } else {
    state_due_ = state_due_ ? std::min(*state_due_, due) : due;
  }
}

void TypingTracker::tell_state(std::size_t newly_named, TimePoint now, News& news) {
  const std::size_t before = news.size();
  show_more(newly_named, now, news);
  const TypingState current = state();
  // What goes on is told from time to time, since clients of typing.v2 let it expire.
  const bool again = !current.empty() && state_told_ + rules_.rebroadcast <= now;
  if (current != told_state_ || again) {
    news.push_back({.what = What::state, .to = To::v2, .state = current});
    told_state_ = current;
    state_told_ = now;
  }
  if (news.size() > before) large_told_ = now;
  state_due_.reset();
  if (current.empty()) return;
  const bool more_to_name = current.more > 0 && current.named.size() < kNamed;
  state_due_ = more_to_name ? now + kStateGap : state_told_ + rules_.rebroadcast;
}

// --- who is shown

void TypingTracker::show(Typing& typing, TimePoint now, News& news) const {
  typing.shown = true;
  typing.told = now;
  news.push_back({.what = What::start, .to = audience(), .typist = typing.typist});
}

void TypingTracker::hide(Typing& typing, News& news) const {
  if (!typing.shown) return;
  typing.shown = false;
  news.push_back({.what = What::stop, .to = audience(), .typist = typing.typist, .unaware = std::exchange(typing.unaware, {})});
}

void TypingTracker::show_more(std::size_t count, TimePoint now, News& news) {
  std::vector<Typing*> hidden;
  for (auto& [key, typing] : typings_) {
    if (!typing.shown) hidden.push_back(&typing);
  }
  std::sort(hidden.begin(), hidden.end(), [](const Typing* a, const Typing* b) { return a->number < b->number; });
  const std::size_t shown = typings_.size() - hidden.size();
  if (room_ == RoomSize::large) count = std::min(count, kNamed - std::min(kNamed, shown));
  for (std::size_t i = 0; i < std::min(count, hidden.size()); ++i) show(*hidden[i], now, news);
}

TypingState TypingTracker::state() const {
  std::vector<const Typing*> shown;
  for (const auto& [key, typing] : typings_) {
    if (typing.shown) shown.push_back(&typing);
  }
  std::sort(shown.begin(), shown.end(), [](const Typing* a, const Typing* b) { return a->number < b->number; });
  if (shown.size() > kNamed) shown.resize(kNamed);
  TypingState state{.named = {}, .more = typings_.size() - shown.size()};
  for (const Typing* typing : shown) state.named.push_back(typing->typist);
  return state;
}

TypingSight TypingTracker::introduce(const std::string& socket, std::size_t limit) {
  TypingSight sight;
  if (room_ == RoomSize::large) sight.state = told_state_;
  for (auto& [key, typing] : typings_) {
    if (!typing.shown) continue;
    if (sight.typists.size() < limit) {
      sight.typists.push_back(typing.typist);
      typing.unaware.erase(socket);
    } else {
      typing.unaware.insert(socket);
    }
  }
  return sight;
}

TypingSight TypingTracker::sight_of(const std::string& socket) const {
  TypingSight sight;
  if (room_ == RoomSize::large) sight.state = told_state_;
  for (const auto& [key, typing] : typings_) {
    if (typing.shown && !typing.unaware.contains(socket)) sight.typists.push_back(typing.typist);
  }
  return sight;
}

TypingSight TypingTracker::dismiss(const std::string& socket) {
  allowances_.erase(socket);
  TypingSight sight = sight_of(socket);
  for (auto& [key, typing] : typings_) typing.unaware.erase(socket);
  return sight;
}

std::optional<TimePoint> TypingTracker::next() const {
  TimePoint next = typings_.empty() ? TimePoint::max() : earliest_;
  if (state_due_) next = std::min(next, *state_due_);
  if (next == TimePoint::max()) return std::nullopt;
  return next;
}

}  // namespace atrium::chat
