// The promise of typing, tried with histories at random: for every receiver starts and stops of a typist alternate, and
// every start gets its stop.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "chat/typing/typing_tracker.h"
#include "tests/support/manual_clock.h"

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;

constexpr Duration kTtl = 10s;
constexpr std::size_t kShown = 2;

std::string user_of(const std::string& socket) { return socket.substr(0, socket.find('.')); }

/// A room with receivers that remember whom they see typing, and complain of whatever does not alternate.
class Room final {
 public:
  explicit Room(unsigned seed) : random_(seed) {}

  void step() {
    const std::string socket = "u" + std::to_string(random_() % 6) + "." + std::to_string(random_() % 2);
    const std::string user = user_of(socket);
    switch (random_() % 8) {
      case 0:
        return join(socket);
      case 1:
        return leave(socket);
      case 2:
      case 3:
      case 4:
        return start(user, socket);
      case 5:
        return told(tracker_.stop(user, SocketRef{socket}));
      case 6:
        if (random_() % 3 == 0) told(tracker_.clear(user));
        return;
      default:
        return pass(std::chrono::milliseconds(random_() % 3000));
    }
  }

  /// Everybody is silent until every typing is over.
  void fall_silent() {
    while (const auto next = tracker_.next()) pass(*next - clock_.now());
  }

  /// What the receivers see is what the tracker says, but for what a latecomer was not shown.
  void check() const {
    for (const auto& [socket, typists] : seen_) {
      for (const auto& typist : typists) EXPECT_TRUE(tracker_.is_typing(typist)) << socket << " still sees " << typist;
    }
  }

  bool anybody_sees_anything() const {
    return std::any_of(seen_.begin(), seen_.end(), [](const auto& entry) { return !entry.second.empty(); });
  }
  int starts() const { return starts_; }

 private:
  void join(const std::string& socket) {
    if (!seen_.try_emplace(socket).second) return;
    for (const Typist& typist : tracker_.introduce(SocketRef{socket}, kShown)) {
      if (typist.key != user_of(socket)) see_start(socket, typist.key);
    }
  }

  void leave(const std::string& socket) {
    if (!seen_.contains(socket)) return;
    // First the typing of the one who leaves, which the others are told of, then what he saw of theirs.
    told(tracker_.stop(user_of(socket), SocketRef{socket}));
    for (const Typist& typist : tracker_.dismiss(SocketRef{socket})) {
      if (typist.key != user_of(socket)) see_stop(socket, typist.key);
    }
    EXPECT_TRUE(seen_[socket].empty()) << socket << " leaves and still sees somebody";
    seen_.erase(socket);
  }

  void start(const std::string& user, const std::string& socket) {
    if (!seen_.contains(socket)) return;  // only who is in the room may type there
    if (!tracker_.start({.key = user, .user = storage::UserId(user), .name = user}, SocketRef{socket}, clock_.now())) return;
    ++starts_;
    for (auto& [receiver, typists] : seen_) {
      if (user_of(receiver) != user) see_start(receiver, user);
    }
  }

  void pass(Duration time) {
    clock_.advance(time);
    for (const Typist& typist : tracker_.expire(clock_.now())) told(typist);
  }

  void told(const std::optional<Typist>& ended) {
    if (!ended) return;
    for (auto& [receiver, typists] : seen_) {
      if (user_of(receiver) != ended->key && !ended->unaware.contains(SocketRef{receiver})) see_stop(receiver, ended->key);
    }
  }

  void see_start(const std::string& receiver, const std::string& typist) {
    EXPECT_TRUE(seen_[receiver].insert(typist).second) << receiver << " sees " << typist << " start twice";
  }
  void see_stop(const std::string& receiver, const std::string& typist) {
    EXPECT_EQ(seen_[receiver].erase(typist), 1u) << receiver << " sees a stop of " << typist << " without a start";
  }

  std::mt19937 random_;
  test::ManualClock clock_;
  TypingTracker tracker_{kTtl};
  std::map<std::string, std::set<std::string>> seen_;  ///< by receiver, who types as far as it knows
  int starts_ = 0;
};

TEST(TypingPromise, HoldsForEveryReceiverInEveryHistory) {
  int starts = 0;
  for (unsigned seed = 0; seed < 300 && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Room room(seed);
    for (int i = 0; i < 300 && !::testing::Test::HasFailure(); ++i) {
      room.step();
      room.check();
    }
    room.fall_silent();
    EXPECT_FALSE(room.anybody_sees_anything()) << "every start gets its stop";
    starts += room.starts();
  }
  EXPECT_GT(starts, 3000) << "the histories are too dull to prove anything";
}

}  // namespace
}  // namespace atrium::chat
