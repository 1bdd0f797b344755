// What PresenceTracker makes of what other nodes say.
#include <gmock/gmock.h>

#include "chat/presence/presence_tracker.h"
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
using WhoIs = PresenceTracker::WhoIs;

const NodeId kNorth("north");
const NodeId kSouth("south");
constexpr bool kAwake = true;
constexpr bool kAsleep = false;

class PresenceElsewhereTest : public ::testing::Test {
 protected:
  static constexpr Duration kAway = 300s;

  Arrival arrive(const WhoIs& who, const SocketRef& socket) {
    return tracker.arrive(who, {.socket = socket, .v2 = false, .active = clock.now()});
  }
  void lose(const WhoIs& who, const SocketRef& socket, Duration grace) {
    EXPECT_TRUE(tracker.lose(who->user, socket, clock.now(), clock.now() + grace));
  }
  /// The node says it now: so many devices, and the last sign of life so long ago.
  void hear(const NodeId& node, const WhoIs& who, std::size_t devices, bool awake, Duration ago = 0s) {
    tracker.arrive_elsewhere(who, {.node = node, .devices = devices, .awake = awake, .active = clock.now() - ago}, clock.now());
  }
  void hear_gone(const NodeId& node, const WhoIs& who) { tracker.lose_elsewhere(who->user, node, clock.now()); }
  Status status() const { return tracker.status(alice->user, clock.now()); }
  std::optional<PresenceTracker::Shown> shown() const { return tracker.shown(alice->user, clock.now()); }
  std::optional<PresenceTracker::Elsewhere> own() const { return tracker.own(alice->user, clock.now()); }
  std::optional<PresenceTracker::Gone> give_up() { return tracker.give_up(alice->user, clock.now()); }
  PresenceTracker::Due after(Duration time) {
    clock.advance(time);
    return tracker.advance(clock.now());
  }

  test::ManualClock clock;
  PresenceTracker tracker{kAway};
  const WhoIs alice = person("alice");
  const WhoIs bob = person("bob");
};

// --- who is here

TEST_F(PresenceElsewhereTest, HasAUserWhoIsOnAnotherNodeOnly) {
  hear(kNorth, alice, 1, kAwake);
  EXPECT_EQ(status(), Status::online);
  EXPECT_EQ(tracker.find(alice->user), alice);
  EXPECT_THAT(tracker.users(), ElementsAre(alice->user));
  EXPECT_THAT(tracker.devices_of(alice->user), IsEmpty()) << "those are the devices of this node";
  EXPECT_EQ(own(), std::nullopt) << "so this one says nothing of him";
}

TEST_F(PresenceElsewhereTest, CountsTheDevicesOfAllNodes) {
  EXPECT_EQ(tracker.device_count(alice->user), 0u);
  arrive(alice, "a1"_socket);
  hear(kNorth, alice, 2, kAwake);
  hear(kSouth, alice, 3, kAsleep);
  hear(kNorth, bob, 1, kAwake);
  EXPECT_EQ(tracker.device_count(alice->user), 6u);
  EXPECT_THAT(tracker.users(), UnorderedElementsAre(alice->user, bob->user)) << "each once";
  hear(kNorth, alice, 1, kAwake);
  EXPECT_EQ(tracker.device_count(alice->user), 5u) << "what a node says stands for what it has said before";
  hear_gone(kSouth, alice);
  EXPECT_EQ(tracker.device_count(alice->user), 2u);
  lose(alice, "a1"_socket, 10s);
  EXPECT_EQ(tracker.device_count(alice->user), 1u);
}

TEST_F(PresenceElsewhereTest, KnowsOfWhomEachNodeSaysSomething) {
  EXPECT_THAT(tracker.users_of(kNorth), IsEmpty());
  arrive(alice, "a1"_socket);
  hear(kNorth, alice, 1, kAwake);
  hear(kNorth, bob, 0, kAsleep);
  hear(kSouth, bob, 1, kAwake);
  EXPECT_THAT(tracker.users_of(kNorth), UnorderedElementsAre(alice->user, bob->user)) << "even of those without a device";
  EXPECT_THAT(tracker.users_of(kSouth), ElementsAre(bob->user));
  hear_gone(kNorth, alice);
  EXPECT_THAT(tracker.users_of(kNorth), ElementsAre(bob->user));
}

TEST_F(PresenceElsewhereTest, WelcomesAsOneMoreWhoIsElsewhereAlready) {
  hear(kNorth, alice, 1, kAwake);
  EXPECT_EQ(arrive(alice, "a1"_socket), Arrival::one_more);
}

TEST_F(PresenceElsewhereTest, TakesTheIdentityThatIsKnownHereForTheBest) {
  const auto renamed = person("alice", {"red", "blue"});
  hear(kNorth, alice, 1, kAwake);
  hear(kSouth, renamed, 1, kAwake);
  EXPECT_EQ(tracker.find(alice->user), renamed) << "the newest, while he has no device here";
  arrive(alice, "a1"_socket);
  EXPECT_EQ(tracker.find(alice->user), alice);
  hear(kNorth, renamed, 1, kAwake);
  EXPECT_EQ(tracker.find(alice->user), alice);
}

// --- how he is

TEST_F(PresenceElsewhereTest, IsOnlineWhileOneNodeSaysThatHeIs) {
  hear(kNorth, alice, 1, kAwake);
  hear(kSouth, alice, 1, kAsleep);
  EXPECT_EQ(status(), Status::online);
  after(10 * kAway);
  EXPECT_EQ(status(), Status::online) << "until the node says otherwise";
  hear(kNorth, alice, 1, kAsleep, kAway);
  EXPECT_EQ(status(), Status::away);
  hear(kSouth, alice, 1, kAwake);
  EXPECT_EQ(status(), Status::online);
}

TEST_F(PresenceElsewhereTest, IsOnlineByADeviceHereThoughHeIsAwayElsewhere) {
  hear(kNorth, alice, 1, kAsleep, kAway);
  EXPECT_EQ(status(), Status::away);
  arrive(alice, "a1"_socket);
  EXPECT_EQ(status(), Status::online);
  after(kAway);
  EXPECT_EQ(status(), Status::away);
}

TEST_F(PresenceElsewhereTest, IsOnlineElsewhereThoughHisDeviceHereShowsNoSignOfLife) {
  arrive(alice, "a1"_socket);
  hear(kNorth, alice, 1, kAwake);
  after(kAway);
  EXPECT_EQ(status(), Status::online);
  hear_gone(kNorth, alice);
  EXPECT_EQ(status(), Status::away);
}

TEST_F(PresenceElsewhereTest, ShowsTheLastSignOfLifeOnAnyNode) {
  arrive(alice, "a1"_socket);
  const TimePoint arrived = clock.now();
  after(kAway);
  hear(kNorth, alice, 1, kAsleep, kAway + 10s);
  EXPECT_EQ(shown()->active, arrived) << "that of the device here";
  after(kAway);
  hear(kNorth, alice, 1, kAsleep, kAway + 10s);
  EXPECT_EQ(shown()->active, clock.now() - kAway - 10s) << "that of the other node";
  EXPECT_EQ(shown()->status, Status::away);
  hear(kNorth, alice, 1, kAwake);
  after(5s);
  EXPECT_EQ(shown()->active, clock.now()) << "who is awake there may have shown one now";
}

TEST_F(PresenceElsewhereTest, PutsWhatHeHasChosenAboveWhatAnyNodeSays) {
  hear(kNorth, alice, 1, kAwake);
  tracker.choose(alice->user, PresenceTracker::Choice{.status = Status::invisible, .until = {}}, clock.now());
  EXPECT_EQ(status(), Status::invisible);
  EXPECT_EQ(shown(), std::nullopt);
  hear_gone(kNorth, alice);
  after(0s);
  EXPECT_TRUE(give_up()->hidden);
}

// --- who goes

TEST_F(PresenceElsewhereTest, IsOverdueAtOnceWhenTheLastNodeHasNone) {
  hear(kNorth, alice, 1, kAwake);
  hear(kSouth, alice, 1, kAwake);
  hear_gone(kNorth, alice);
  EXPECT_THAT(after(1min).gone, IsEmpty()) << "the other node has him";
  EXPECT_EQ(give_up(), std::nullopt);
  hear_gone(kSouth, alice);
  const TimePoint closed = clock.now();
  EXPECT_THAT(after(0s).gone, ElementsAre(alice->user));
  EXPECT_EQ(status(), Status::online) << "until he is given up";
  EXPECT_THAT(after(1s).gone, IsEmpty()) << "each is named once";
  const auto gone = give_up();
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->who, alice);
  EXPECT_EQ(gone->closed, closed);
  EXPECT_FALSE(gone->hidden);
  EXPECT_FALSE(gone->ours) << "his last device was none of this node";
  EXPECT_EQ(status(), Status::offline);
  EXPECT_THAT(tracker.users(), IsEmpty());
  EXPECT_EQ(tracker.next(), std::nullopt);
}

TEST_F(PresenceElsewhereTest, KnowsThatTheLastDeviceWasOneOfThisNode) {
  hear(kNorth, alice, 1, kAwake);
  arrive(alice, "a1"_socket);
  hear_gone(kNorth, alice);
  lose(alice, "a1"_socket, 10s);
  EXPECT_THAT(after(10s).gone, ElementsAre(alice->user));
  EXPECT_TRUE(give_up()->ours);
}

TEST_F(PresenceElsewhereTest, IsOfThisNodeNoMoreWhenHeIsSeenLastOnAnother) {
  arrive(alice, "a1"_socket);
  lose(alice, "a1"_socket, 10s);
  hear(kNorth, alice, 1, kAwake);
  EXPECT_THAT(after(10s).gone, ElementsAre(alice->user)) << "his grace here is over";
  EXPECT_EQ(give_up(), std::nullopt) << "but he is elsewhere";
  EXPECT_EQ(status(), Status::online);
  hear_gone(kNorth, alice);
  EXPECT_THAT(after(0s).gone, ElementsAre(alice->user));
  EXPECT_FALSE(give_up()->ours);
}

TEST_F(PresenceElsewhereTest, GivesNobodyUpWhoIsElsewhere) {
  arrive(alice, "a1"_socket);
  hear(kNorth, alice, 1, kAwake);
  lose(alice, "a1"_socket, 0s);
  after(0s);
  EXPECT_EQ(give_up(), std::nullopt);
  EXPECT_EQ(status(), Status::online);
  EXPECT_EQ(tracker.find(alice->user), alice);
  EXPECT_THAT(after(1h).gone, IsEmpty());
}

TEST_F(PresenceElsewhereTest, KeepsHisGraceHereWhenHeGoesElsewhere) {
  hear(kNorth, alice, 1, kAwake);
  arrive(alice, "a1"_socket);
  lose(alice, "a1"_socket, 10s);
  hear_gone(kNorth, alice);
  EXPECT_THAT(after(10s - 1ns).gone, IsEmpty());
  EXPECT_EQ(arrive(alice, "a2"_socket), Arrival::back_in_time);
  EXPECT_THAT(after(1min).gone, IsEmpty());
}

TEST_F(PresenceElsewhereTest, IsNotGoneWhenAnotherNodeHasHimBeforeHeIsGivenUp) {
  hear(kNorth, alice, 1, kAwake);
  hear_gone(kNorth, alice);
  EXPECT_THAT(after(0s).gone, ElementsAre(alice->user));
  hear(kSouth, alice, 1, kAwake);
  EXPECT_EQ(give_up(), std::nullopt) << "he has moved";
  EXPECT_THAT(after(1h).gone, IsEmpty());
  hear_gone(kSouth, alice);
  EXPECT_THAT(after(0s).gone, ElementsAre(alice->user)) << "and is named anew when he goes";
}

TEST_F(PresenceElsewhereTest, HasNoTimeOfGraceLeftWhenAnotherNodeHasHim) {
  hear(kNorth, alice, 1, kAwake);
  hear_gone(kNorth, alice);
  hear(kSouth, alice, 1, kAwake);
  EXPECT_THAT(after(1min).gone, IsEmpty());
  EXPECT_EQ(arrive(alice, "a1"_socket), Arrival::one_more);
}

TEST_F(PresenceElsewhereTest, IsBackInTimeByADeviceHereBeforeHeIsGivenUp) {
  hear(kNorth, alice, 1, kAwake);
  hear_gone(kNorth, alice);
  after(0s);
  EXPECT_EQ(arrive(alice, "a1"_socket), Arrival::back_in_time);
  EXPECT_EQ(give_up(), std::nullopt);
}

TEST_F(PresenceElsewhereTest, StaysAwayWhileHeGoesWhenHeWasAway) {
  hear(kNorth, alice, 1, kAsleep, kAway);
  hear_gone(kNorth, alice);
  EXPECT_EQ(status(), Status::away);
}

TEST_F(PresenceElsewhereTest, LosesNobodyOfWhomTheNodeSaysNothing) {
  hear_gone(kNorth, alice);
  EXPECT_EQ(status(), Status::offline);
  hear(kNorth, alice, 1, kAwake);
  hear_gone(kSouth, alice);
  hear_gone(kNorth, bob);
  EXPECT_THAT(after(1min).gone, IsEmpty());
  arrive(bob, "b1"_socket);
  hear_gone(kNorth, bob);
  EXPECT_THAT(after(1min).gone, IsEmpty());
}

TEST_F(PresenceElsewhereTest, KeepsTheChoiceOfWhoWasElsewhere) {
  tracker.choose(alice->user, PresenceTracker::Choice{.status = Status::dnd, .until = {}}, clock.now());
  hear(kNorth, alice, 1, kAwake);
  EXPECT_EQ(status(), Status::dnd);
  hear_gone(kNorth, alice);
  after(0s);
  give_up();
  EXPECT_EQ(status(), Status::offline);
  EXPECT_THAT(tracker.choosers(), ElementsAre(alice->user));
  hear(kNorth, alice, 1, kAwake);
  EXPECT_EQ(status(), Status::dnd);
}

// --- what this node says

TEST_F(PresenceElsewhereTest, SaysNothingOfWhoIsNotHere) { EXPECT_EQ(own(), std::nullopt); }

TEST_F(PresenceElsewhereTest, SaysOnlyWhatItKnowsByItsOwnDevices) {
  hear(kNorth, alice, 5, kAwake);
  arrive(alice, "a1"_socket);
  const TimePoint arrived = clock.now();
  arrive(alice, "a2"_socket);
  ASSERT_TRUE(own());
  EXPECT_EQ(own()->devices, 2u);
  EXPECT_TRUE(own()->awake);
  EXPECT_EQ(own()->active, arrived);
  after(kAway);
  EXPECT_FALSE(own()->awake) << "though he is awake elsewhere";
  EXPECT_EQ(own()->active, arrived);
  tracker.active(alice->user, "a2"_socket, clock.now());
  EXPECT_TRUE(own()->awake);
  EXPECT_EQ(own()->active, clock.now());
}

TEST_F(PresenceElsewhereTest, SaysThatAUserMayComeBackInTime) {
  arrive(alice, "a1"_socket);
  const TimePoint arrived = clock.now();
  clock.advance(5s);
  lose(alice, "a1"_socket, 10s);
  ASSERT_TRUE(own());
  EXPECT_EQ(own()->devices, 0u);
  EXPECT_TRUE(own()->awake);
  EXPECT_EQ(own()->active, arrived);
  after(10s);
  give_up();
  EXPECT_EQ(own(), std::nullopt);
}

TEST_F(PresenceElsewhereTest, SaysNothingMoreOfWhoIsElsewhereWhenHisGraceIsOver) {
  arrive(alice, "a1"_socket);
  hear(kNorth, alice, 1, kAwake);
  lose(alice, "a1"_socket, 10s);
  EXPECT_TRUE(own());
  after(10s);
  give_up();
  EXPECT_EQ(own(), std::nullopt);
}

TEST_F(PresenceElsewhereTest, SaysNothingOfWhoIsOverdueForAnotherNode) {
  hear(kNorth, alice, 1, kAwake);
  hear_gone(kNorth, alice);
  EXPECT_EQ(own(), std::nullopt) << "he waits to be given up, but not for a device of this node";
}

}  // namespace
}  // namespace atrium::chat
