// The promise of typing, tried with histories at random: for every receiver starts and stops of a typist alternate, and
// every start gets its stop, whatever its client understands and however the room grows and shrinks.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "chat/typing/typing_tracker.h"
#include "tests/support/manual_clock.h"

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;
using What = TypingNews::What;
using To = TypingNews::To;

constexpr TypingTracker::Rules kRules{.ttl = 10s, .ttl_v2 = 4s, .rebroadcast = 2s, .large_room = 7, .huge_room = 11};
constexpr std::size_t kShown = 2;

std::string user_of(const std::string& socket) { return socket.substr(0, socket.find('.')); }
/// Every other tab of everybody understands typing.v2.
TypingDialect dialect_of(const std::string& socket) { return socket.back() == '0' ? TypingDialect::legacy : TypingDialect::v2; }

/// A room with receivers that remember whom they see typing, and complain of whatever does not alternate.
class Room final {
 public:
  explicit Room(unsigned seed) : random_(seed) {}

  void step() {
    const std::string socket = "u" + std::to_string(random_() % 8) + "." + std::to_string(random_() % 2);
    const std::string user = user_of(socket);
    // The crowd comes and goes in waves, so that the room is of each size for a while.
    if (random_() % 60 == 0) growing_ = !growing_;
    switch (random_() % 12) {
      case 0:
      case 1:
      case 2:
        return growing_ ? join(socket) : leave(socket);
      case 3:
        return growing_ ? leave(socket) : lose(socket);
      case 4:
      case 5:
      case 6:
        return start(user, socket);
      case 7:
        return told(tracker_.stop(user, socket, clock_.now()));
      case 8:
        if (random_() % 3 == 0) told(tracker_.clear(user, clock_.now()));
        return;
      case 9:
        return message(user);
      default:
        return pass(std::chrono::milliseconds(random_() % 3000));
    }
  }

  /// Everybody is silent until every typing is over.
  void fall_silent() {
    while (!messages_.empty()) message(*messages_.begin());
    while (const auto next = tracker_.next()) pass(std::max(Duration::zero(), *next - clock_.now()));
  }

  /// What the receivers see is what the tracker says, but for what they were not shown.
  void check() const {
    for (const auto& [socket, sight] : seen_) {
      for (const auto& typist : sight.starts) EXPECT_TRUE(tracker_.is_typing(typist)) << socket << " still sees " << typist;
      EXPECT_TRUE(sight.state.empty() || sight.starts.empty()) << socket << " is told in two ways";
      EXPECT_FALSE(tracker_.off() && !(sight.state.empty() && sight.starts.empty())) << socket;
    }
  }

  bool anybody_sees_anything() const {
    return std::any_of(seen_.begin(), seen_.end(),
                       [](const auto& entry) { return !entry.second.starts.empty() || !entry.second.state.empty(); });
  }

  // That the histories are not dull.
  int starts = 0;
  int agains = 0;
  int states = 0;
  int resizes = 0;

 private:
  struct Sight {
    std::set<std::string> starts;
    TypingState state;
  };

  void resize() {
    resizing_ = true;
    const auto news = tracker_.resize(seen_.size() + (joining_ ? 1 : 0), clock_.now());
    resizes += !news.empty();
    told(news);
    resizing_ = false;
  }

  void join(const std::string& socket) {
    if (seen_.contains(socket)) return;
    joining_ = true;
    resize();
    joining_ = false;
    const TypingSight sight = tracker_.introduce(socket, kShown);
    seen_[socket];
    if (sight.state && dialect_of(socket) == TypingDialect::v2) {
      seen_[socket].state = *sight.state;
      return;
    }
    for (const Typist& typist : sight.typists) {
      if (typist.key != user_of(socket)) see_start(socket, typist.key);
    }
  }

  void leave(const std::string& socket) {
    if (!seen_.contains(socket)) return;
    // First the typing of the one who leaves, which the others are told of, then what he saw of theirs.
    told(tracker_.stop(user_of(socket), socket, clock_.now()));
    const TypingSight sight = tracker_.dismiss(socket);
    if (sight.state && dialect_of(socket) == TypingDialect::v2) {
      EXPECT_EQ(seen_[socket].state, *sight.state) << socket << " sees another state than the room";
    } else {
      for (const Typist& typist : sight.typists) {
        if (typist.key != user_of(socket)) see_stop(socket, typist.key);
      }
      EXPECT_TRUE(seen_[socket].starts.empty()) << socket << " leaves and still sees somebody";
    }
    seen_.erase(socket);
    resize();
  }

  void lose(const std::string& socket) {
    if (!seen_.contains(socket)) return;
    told(tracker_.stop(user_of(socket), socket, clock_.now()));
    tracker_.lose(socket);
    seen_.erase(socket);
    resize();
  }

  void start(const std::string& user, const std::string& socket) {
    if (!seen_.contains(socket)) return;  // only who is in the room may type there
    const Typist typist{.key = user, .user = storage::UserId(user), .name = user};
    told(tracker_.start(typist, socket, dialect_of(socket), clock_.now()));
  }

  /// A message of `user` begins to be stored, or the one that did is told.
  void message(std::string user) {
    if (messages_.erase(user) == 0) {
      messages_.insert(user);
      return tracker_.message_begun(user);
    }
    told(tracker_.message_done(user, clock_.now()));
    EXPECT_FALSE(tracker_.is_typing(user));
  }

  void pass(Duration time) {
    clock_.advance(time);
    told(tracker_.expire(clock_.now()));
  }

  void told(const TypingTracker::News& news) {
    for (const TypingNews& item : news) {
      count(item);
      for (auto& [receiver, sight] : seen_) {
        if (item.to != To::everybody && (item.to == To::v2) != (dialect_of(receiver) == TypingDialect::v2)) continue;
        if (item.what == What::state) {
          sight.state = item.state;
          continue;
        }
        if (user_of(receiver) == item.typist.key || item.unaware.contains(receiver)) continue;
        if (item.what == What::start) see_start(receiver, item.typist.key);
        if (item.what == What::stop) see_stop(receiver, item.typist.key);
        EXPECT_TRUE(item.what != What::again || sight.starts.contains(item.typist.key)) << receiver << " hears it go on";
      }
    }
  }

  void count(const TypingNews& item) {
    starts += item.what == What::start;
    agains += item.what == What::again;
    if (item.what != What::state) return;
    ++states;
    EXPECT_LE(item.state.named.size(), TypingTracker::kNamed);
    if (resizing_) return;
    EXPECT_GE(clock_.now() - last_state_, TypingTracker::kStateGap) << "a large room is told too often";
    last_state_ = clock_.now();
  }

  void see_start(const std::string& receiver, const std::string& typist) {
    EXPECT_TRUE(seen_[receiver].starts.insert(typist).second) << receiver << " sees " << typist << " start twice";
  }
  void see_stop(const std::string& receiver, const std::string& typist) {
    EXPECT_EQ(seen_[receiver].starts.erase(typist), 1u) << receiver << " sees a stop of " << typist << " without a start";
  }

  std::mt19937 random_;
  test::ManualClock clock_;
  TypingTracker tracker_{kRules};
  std::map<std::string, Sight> seen_;  ///< by receiver, who types as far as it knows
  std::set<std::string> messages_;     ///< under way, by user
  TimePoint last_state_{};
  bool growing_ = true;
  bool joining_ = false;
  bool resizing_ = false;
};

TEST(TypingPromise, HoldsForEveryReceiverInEveryHistory) {
  int starts = 0;
  int agains = 0;
  int states = 0;
  int resizes = 0;
  for (unsigned seed = 0; seed < 300 && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Room room(seed);
    for (int i = 0; i < 600 && !::testing::Test::HasFailure(); ++i) {
      room.step();
      room.check();
    }
    room.fall_silent();
    EXPECT_FALSE(room.anybody_sees_anything()) << "every start gets its stop";
    starts += room.starts;
    agains += room.agains;
    states += room.states;
    resizes += room.resizes;
  }
  EXPECT_GT(starts, 3000) << "the histories are too dull to prove anything";
  EXPECT_GT(agains, 300);
  EXPECT_GT(states, 1000);
  EXPECT_GT(resizes, 300);
}

}  // namespace
}  // namespace atrium::chat
