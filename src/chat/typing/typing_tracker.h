#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/rate.h"
#include "chat/typing/typing_news.h"

namespace atrium::chat {

/// Who types in one channel, and what its room has been told of that. A pure value that keeps the promise of one stop for every
/// start, for every receiver: each verb returns what the others are to be told, in that order. Time is an argument.
///
/// In a room of ordinary size everybody sees each typing start and stop, and those of typing.v2 that it goes on. In a large one
/// the original's clients see the starts and stops of a few, and those of typing.v2 see a state instead, both at most so often.
/// In a huge one nobody types. When the size of a room changes to another of the three, all that was told is taken back, and
/// told anew by the rule that holds now.
class TypingTracker final {
 public:
  struct Rules {
    Duration ttl;            ///< of a typing that its client says once
    Duration ttl_v2;         ///< of one that its client refreshes
    Duration rebroadcast;    ///< no more often are those of typing.v2 told that a typing goes on
    std::size_t large_room;  ///< more sockets than that are many
    std::size_t huge_room;   ///< more than that are too many
  };
  using News = std::vector<TypingNews>;

  explicit TypingTracker(const Rules& rules) : rules_(rules) {}

  /// One socket of `typist` types. Starts that come faster than one a second from it (after a burst of five) are not taken; a
  /// refresh that comes too fast only prolongs.
  News start(const Typist& typist, const std::string& socket, TypingDialect dialect, TimePoint now);
  /// The same of a socket that another node answers for, which says often enough that it goes on, and when it stops.
  News relay(const Typist& typist, const std::string& socket, TimePoint until, TimePoint now);
  /// That socket stops, or is gone.
  News stop(const std::string& key, const std::string& socket, TimePoint now);
  /// All sockets of `key` stop: the user is put out.
  News clear(const std::string& key, TimePoint now);
  /// A message of `key` is being stored: a stop that comes meanwhile is told after it. Each is followed by a message_done().
  void message_begun(const std::string& key) { ++messages_[key]; }
  /// The message has been told, or refused. It ends the typing.
  News message_done(const std::string& key, TimePoint now);
  /// The typings whose time is up at `now`, and what a large room is due.
  News expire(TimePoint now);
  /// So many sockets listen now.
  News resize(std::size_t listeners, TimePoint now);

  /// `socket` has joined: what it is to be shown, `limit` typists at most. It stays unaware of the others.
  TypingSight introduce(const std::string& socket, std::size_t limit);
  /// What `socket` sees, which is in the room.
  TypingSight sight_of(const std::string& socket) const;
  /// `socket` has left: what it saw. Forgets how fast it was.
  TypingSight dismiss(const std::string& socket);
  /// `socket` has lost its connection. If its client comes back it is told what it missed, stops included, so what it was
  /// unaware of stays; how fast it was is forgotten.
  void lose(const std::string& socket) { allowances_.erase(socket); }

  /// Who types: a few by name, the longest first, and how many more.
  TypingState state() const;
  /// Not later than this something is due for expire().
  std::optional<TimePoint> next() const;
  bool is_typing(const std::string& key) const { return typings_.contains(key); }
  /// Those who type by a socket that `is_one(socket)`, and until when, if they say no more. An empty one stands for a message
  /// that is under way.
  template <class IsOne>
  std::vector<std::pair<Typist, TimePoint>> typists_by(IsOne is_one, TimePoint now) const {
    std::vector<std::pair<Typist, TimePoint>> typists;
    for (const auto& [key, typing] : typings_) {
      TimePoint until = TimePoint::min();
      if (typing.sockets.empty() && is_one(std::string())) until = now + rules_.ttl;
      for (const auto& [socket, its_end] : typing.sockets) {
        if (is_one(socket)) until = std::max(until, its_end);
      }
      if (until != TimePoint::min()) typists.emplace_back(typing.typist, until);
    }
    return typists;
  }
  std::size_t size() const { return typings_.size(); }
  /// So many listen that nobody is shown.
  bool off() const { return room_ == RoomSize::huge; }

  static constexpr std::size_t kNamed = 5;  ///< shown by name in a large room
  static constexpr std::size_t kNamedAtOnce =
      2;  ///< of them newly in one kStateGap: 2 starts and 2 stops are 4 frames a second
  static constexpr Duration kStateGap = std::chrono::seconds(1);  ///< a large room is told no more often

 private:
  enum class RoomSize { ordinary, large, huge };
  static constexpr Rate kStarts{5, std::chrono::seconds(1)};

  struct Typing {
    Typist typist;
    std::uint64_t number;                      ///< the order in which they began
    std::map<std::string, TimePoint> sockets;  ///< until when each types, if it says no more
    bool shown = false;                        ///< the room was told the start
    TimePoint told = TimePoint::min();         ///< when it was, or that it goes on
    std::set<std::string> unaware = {};
  };

  RoomSize size_for(std::size_t listeners) const;
  News begin(const Typist& typist, const std::string& socket, TimePoint until, TimePoint now);
  bool take_allowance(const std::string& socket, TimePoint now);
  /// The receivers of starts and stops.
  TypingNews::To audience() const { return room_ == RoomSize::large ? TypingNews::To::legacy : TypingNews::To::everybody; }
  void show(Typing& typing, TimePoint now, News& news) const;
  void hide(Typing& typing, News& news) const;
  /// Up to `count` more by name, those who type the longest.
  void show_more(std::size_t count, TimePoint now, News& news);
  /// Something has changed that a large room is to be told, now or when it is due.
  void touch(TimePoint now, News& news);
  void tell_state(std::size_t newly_named, TimePoint now, News& news);

  const Rules rules_;
  RoomSize room_ = RoomSize::ordinary;
  std::map<std::string, Typing> typings_;
  std::uint64_t begun_ = 0;
  TimePoint earliest_ = TimePoint::max();                  ///< no typing ends by itself before
  std::unordered_map<std::string, TimePoint> allowances_;  ///< of sockets: when nothing of kStarts is used any more
  std::map<std::string, int> messages_;                    ///< under way, by key
  // Of a large room.
  TypingState told_state_;
  TimePoint state_told_ = TimePoint::min();
  TimePoint large_told_ = TimePoint::min();  ///< that, or who is newly named
  std::optional<TimePoint> state_due_;
};

}  // namespace atrium::chat
