#include "chat/presence/presence_tracker.h"

#include <gmock/gmock.h>

#include "tests/chat/presence/people.h"
#include "tests/support/manual_clock.h"

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;
using storage::UserId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Arrival = PresenceTracker::Arrival;

class PresenceTrackerTest : public ::testing::Test {
 protected:
  static constexpr Duration kAway = 300s;

  Arrival arrive(const PresenceTracker::WhoIs& who, const SocketRef& socket) {
    return tracker.arrive(who, {.socket = socket, .v2 = false, .active = clock.now()});
  }
  bool lose(const PresenceTracker::WhoIs& who, const SocketRef& socket, Duration grace) {
    return tracker.lose(who->user, socket, clock.now(), clock.now() + grace);
  }
  void choose(Status status, std::optional<Duration> time = std::nullopt) {
    PresenceTracker::Choice choice{.status = status, .until = {}};
    if (time) choice.until = clock.now() + *time;
    tracker.choose(alice->user, choice, clock.now());
  }
  Status status() const { return tracker.status(alice->user, clock.now()); }
  bool shown() const { return tracker.shown(alice->user, clock.now()).has_value(); }
  PresenceTracker::Due after(Duration time) {
    clock.advance(time);
    return tracker.advance(clock.now());
  }
  TimePoint in(Duration time) const { return clock.now() + time; }

  test::ManualClock clock;
  PresenceTracker tracker{kAway};
  const PresenceTracker::WhoIs alice = person("alice");
  const PresenceTracker::WhoIs bob = person("bob");
};

TEST_F(PresenceTrackerTest, CountsAUserOnceOverAllHisDevices) {
  EXPECT_EQ(status(), Status::offline);
  EXPECT_EQ(arrive(alice, "a1"_socket), Arrival::first);
  EXPECT_EQ(arrive(alice, "a2"_socket), Arrival::one_more);
  EXPECT_EQ(arrive(alice, "a2"_socket), Arrival::known);
  EXPECT_EQ(arrive(bob, "b1"_socket), Arrival::first);
  EXPECT_EQ(status(), Status::online);
  EXPECT_EQ(tracker.devices_of(alice->user).size(), 2u);
  EXPECT_THAT(tracker.users(), UnorderedElementsAre(alice->user, bob->user));
}

TEST_F(PresenceTrackerTest, KeepsAUserOnlineUntilHisGraceIsOver) {
  arrive(alice, "a1"_socket);
  EXPECT_TRUE(lose(alice, "a1"_socket, 10s));
  EXPECT_EQ(status(), Status::online);
  EXPECT_EQ(tracker.next(), in(10s));
  const TimePoint closed = clock.now();
  EXPECT_THAT(after(10s - 1ns).gone, IsEmpty());
  EXPECT_EQ(tracker.give_up(alice->user, clock.now()), std::nullopt) << "too early";
  EXPECT_THAT(after(1ns).gone, ElementsAre(alice->user));
  EXPECT_EQ(status(), Status::online) << "until he is given up";
  EXPECT_THAT(after(1h).gone, IsEmpty()) << "each is named once";
  const auto gone = tracker.give_up(alice->user, clock.now());
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->who, alice);
  EXPECT_EQ(gone->closed, closed) << "he was seen last when his connection closed, not when it was certain";
  EXPECT_FALSE(gone->hidden);
  EXPECT_EQ(status(), Status::offline);
  EXPECT_EQ(tracker.give_up(alice->user, clock.now()), std::nullopt);
  EXPECT_EQ(tracker.next(), std::nullopt);
}

TEST_F(PresenceTrackerTest, ShortensTheGraceOfWhoHasOne) {
  arrive(alice, "a1"_socket);
  tracker.shorten(alice->user, clock.now(), clock.now());
  EXPECT_THAT(tracker.advance(clock.now()).gone, IsEmpty()) << "she is here";
  lose(alice, "a1"_socket, 10s);
  tracker.shorten(alice->user, clock.now() + 1s, clock.now());
  clock.advance(1s);
  EXPECT_THAT(tracker.advance(clock.now()).gone, ElementsAre(alice->user));
}

TEST_F(PresenceTrackerTest, WelcomesBackWithoutNewsWhoReturnsInTime) {
  arrive(alice, "a1"_socket);
  lose(alice, "a1"_socket, 10s);
  after(10s);
  EXPECT_EQ(arrive(alice, "a2"_socket), Arrival::back_in_time) << "even while his goodbye is said";
  EXPECT_EQ(tracker.give_up(alice->user, clock.now()), std::nullopt);
  EXPECT_THAT(after(1min).gone, IsEmpty());
  EXPECT_EQ(status(), Status::online);
}

TEST_F(PresenceTrackerTest, GivesNoGraceWhileAnotherDeviceIsThere) {
  arrive(alice, "a1"_socket);
  arrive(alice, "a2"_socket);
  lose(alice, "a1"_socket, 0s);
  EXPECT_THAT(after(1min).gone, IsEmpty());
  lose(alice, "a2"_socket, 0s);
  EXPECT_THAT(after(0s).gone, ElementsAre(alice->user)) << "who leaves on purpose is gone at once";
}

TEST_F(PresenceTrackerTest, LosesNoDeviceThatNeverCame) {
  EXPECT_FALSE(lose(alice, "a1"_socket, 0s));
  arrive(alice, "a1"_socket);
  EXPECT_FALSE(lose(alice, "a2"_socket, 0s));
  EXPECT_FALSE(lose(bob, "a1"_socket, 0s)) << "that one is somebody else's";
  EXPECT_EQ(tracker.give_up(bob->user, clock.now()), std::nullopt);
}

TEST_F(PresenceTrackerTest, TakesAUserWithoutASignOfLifeForAway) {
  arrive(alice, "a1"_socket);
  EXPECT_THAT(after(kAway - 1ns).changed, IsEmpty());
  EXPECT_EQ(status(), Status::online);
  EXPECT_THAT(after(1ns).changed, ElementsAre(alice->user));
  EXPECT_EQ(status(), Status::away);
  tracker.active(alice->user, "a1"_socket, clock.now());
  EXPECT_EQ(status(), Status::online);
  after(kAway - 1s);
  tracker.active(alice->user, "a1"_socket, clock.now());
  after(2s);
  EXPECT_EQ(status(), Status::online) << "every sign of life counts anew";
  after(kAway);
  EXPECT_EQ(status(), Status::away);
}

TEST_F(PresenceTrackerTest, IsOnlineWhenOneOfTheDevicesIs) {
  arrive(alice, "phone"_socket);
  after(200s);
  arrive(alice, "laptop"_socket);
  after(200s);
  EXPECT_EQ(status(), Status::online);
  lose(alice, "laptop"_socket, 0s);
  EXPECT_EQ(status(), Status::away) << "the phone has been idle for long";
}

TEST_F(PresenceTrackerTest, StaysWhatHeWasWhileInGrace) {
  arrive(alice, "a1"_socket);
  lose(alice, "a1"_socket, 1h);
  EXPECT_EQ(status(), Status::online);
  after(kAway);
  EXPECT_EQ(status(), Status::away);
}

TEST_F(PresenceTrackerTest, PutsWhatAUserHasChosenAboveWhatHisDevicesShow) {
  arrive(alice, "a1"_socket);
  choose(Status::dnd);
  EXPECT_EQ(status(), Status::dnd);
  after(1h);
  EXPECT_EQ(status(), Status::dnd) << "not away";
  tracker.choose(alice->user, std::nullopt, clock.now());
  EXPECT_EQ(status(), Status::away);
}

TEST_F(PresenceTrackerTest, ShowsNobodyWhoIsInvisible) {
  arrive(alice, "a1"_socket);
  choose(Status::invisible);
  EXPECT_EQ(status(), Status::invisible);
  EXPECT_FALSE(shown());
  lose(alice, "a1"_socket, 0s);
  after(0s);
  EXPECT_TRUE(tracker.give_up(alice->user, clock.now())->hidden);
}

TEST_F(PresenceTrackerTest, EndsAChoiceAtItsTime) {
  arrive(alice, "a1"_socket);
  choose(Status::invisible, 60s);
  EXPECT_EQ(tracker.next(), in(60s));
  EXPECT_THAT(after(60s - 1ns).changed, IsEmpty());
  EXPECT_FALSE(shown());
  EXPECT_THAT(after(1ns).changed, ElementsAre(alice->user));
  EXPECT_TRUE(shown());
  EXPECT_EQ(tracker.choice(alice->user, clock.now()), std::nullopt);
}

TEST_F(PresenceTrackerTest, KeepsTheChoiceOfAUserWhoIsAway) {
  choose(Status::dnd, 1h);
  EXPECT_EQ(status(), Status::offline) << "he has chosen, but is not here";
  EXPECT_THAT(tracker.users(), IsEmpty());
  arrive(alice, "a1"_socket);
  EXPECT_EQ(status(), Status::dnd);
  lose(alice, "a1"_socket, 0s);
  after(0s);
  tracker.give_up(alice->user, clock.now());
  arrive(alice, "a2"_socket);
  EXPECT_EQ(status(), Status::dnd);
  after(1h);
  EXPECT_EQ(status(), Status::away);
}

TEST_F(PresenceTrackerTest, KeepsNothingOfThoseWhoAreGone) {
  choose(Status::dnd, 1h);
  arrive(alice, "a1"_socket);
  lose(alice, "a1"_socket, 0s);
  after(0s);
  tracker.give_up(alice->user, clock.now());
  EXPECT_THAT(after(1h).changed, IsEmpty());
  EXPECT_EQ(tracker.next(), std::nullopt);
  choose(Status::dnd);
  tracker.choose(alice->user, std::nullopt, clock.now());
  EXPECT_EQ(tracker.next(), std::nullopt);
}

TEST_F(PresenceTrackerTest, TakesTheNewestIdentityOfAUser) {
  arrive(alice, "a1"_socket);
  const auto renamed = person("alice", {"red", "blue"});
  arrive(renamed, "a2"_socket);
  EXPECT_EQ(tracker.find(alice->user), renamed);
}

}  // namespace
}  // namespace atrium::chat
