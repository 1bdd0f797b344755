#include "chat/presence/presence_tracker.h"

#include <gmock/gmock.h>

#include "tests/chat/socket_literal.h"
#include "tests/support/manual_clock.h"

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;
using storage::UserId;
using storage::WorkspaceId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Arrival = Attendance::Arrival;

class PresenceTrackerTest : public ::testing::Test {
 protected:
  static PresenceTracker::WhoIs person(const std::string& id, std::vector<std::string> workspaces) {
    Identity identity{.user = UserId(id), .name = "The " + id, .workspaces = {}};
    for (auto& workspace : workspaces) identity.workspaces.emplace_back(std::move(workspace));
    return std::make_shared<const Identity>(std::move(identity));
  }
  std::vector<std::string> online_in(const std::string& workspace) const {
    std::vector<std::string> ids;
    for (const auto& [user, who] : tracker.online_in(WorkspaceId(workspace))) ids.push_back(user.value);
    return ids;
  }
  TimePoint in(Duration time) const { return clock.now() + time; }

  test::ManualClock clock;
  PresenceTracker tracker;
  const PresenceTracker::WhoIs alice = person("alice", {"red", "blue"});
  const PresenceTracker::WhoIs bob = person("bob", {"blue"});
};

TEST_F(PresenceTrackerTest, ShowsAUserInEachOfHisWorkspaces) {
  EXPECT_EQ(tracker.arrive(alice, "a1"_socket), Arrival::first);
  EXPECT_EQ(tracker.arrive(bob, "b1"_socket), Arrival::first);
  EXPECT_THAT(online_in("red"), ElementsAre("alice"));
  EXPECT_THAT(online_in("blue"), ElementsAre("alice", "bob"));
  EXPECT_THAT(online_in("green"), IsEmpty());
  EXPECT_EQ(tracker.online_in(WorkspaceId("red")).at(alice->user)->name, "The alice");
}

TEST_F(PresenceTrackerTest, KeepsAUserOnlineUntilHisGraceIsOver) {
  tracker.arrive(alice, "a1"_socket);
  tracker.lose(alice->user, "a1"_socket, in(10s));
  EXPECT_THAT(online_in("red"), ElementsAre("alice"));
  EXPECT_EQ(tracker.next(), in(10s));
  EXPECT_THAT(tracker.overdue(in(10s)), ElementsAre(alice->user));
  EXPECT_EQ(tracker.give_up(alice->user), alice);
  EXPECT_THAT(online_in("red"), IsEmpty());
  EXPECT_THAT(online_in("blue"), IsEmpty());
  EXPECT_EQ(tracker.next(), std::nullopt);
}

TEST_F(PresenceTrackerTest, GivesUpNobodyWhoCameBack) {
  tracker.arrive(alice, "a1"_socket);
  tracker.lose(alice->user, "a1"_socket, in(10s));
  EXPECT_EQ(tracker.arrive(alice, "a2"_socket), Arrival::back_in_time);
  EXPECT_EQ(tracker.give_up(alice->user), nullptr);
  EXPECT_THAT(online_in("red"), ElementsAre("alice"));
}

TEST_F(PresenceTrackerTest, GivesUpOnce) {
  tracker.arrive(alice, "a1"_socket);
  tracker.lose(alice->user, "a1"_socket, in(0s));
  EXPECT_EQ(tracker.give_up(alice->user), alice);
  EXPECT_EQ(tracker.give_up(alice->user), nullptr);
  EXPECT_EQ(tracker.give_up(bob->user), nullptr) << "he never came";
}

TEST_F(PresenceTrackerTest, LosesNobodyWhoHasAnotherTab) {
  tracker.arrive(alice, "a1"_socket);
  EXPECT_EQ(tracker.arrive(alice, "a2"_socket), Arrival::one_more);
  tracker.lose(alice->user, "a1"_socket, in(0s));
  EXPECT_THAT(tracker.overdue(in(1h)), IsEmpty());
  tracker.lose(alice->user, "a2"_socket, in(0s));
  EXPECT_THAT(tracker.overdue(in(0s)), ElementsAre(alice->user));
}

TEST_F(PresenceTrackerTest, LeavesTheWorkspacesThatHeWasShownIn) {
  tracker.arrive(alice, "a1"_socket);
  // Another tab that knows of another workspace does not change where he is shown, so nothing is left behind.
  tracker.arrive(person("alice", {"green"}), "a2"_socket);
  tracker.lose(alice->user, "a1"_socket, in(0s));
  tracker.lose(alice->user, "a2"_socket, in(0s));
  tracker.give_up(alice->user);
  for (const char* workspace : {"red", "blue", "green"}) EXPECT_THAT(online_in(workspace), IsEmpty()) << workspace;
}

TEST_F(PresenceTrackerTest, LeavesTheOthersWhereTheyAre) {
  tracker.arrive(alice, "a1"_socket);
  tracker.arrive(bob, "b1"_socket);
  tracker.lose(alice->user, "a1"_socket, in(0s));
  tracker.give_up(alice->user);
  EXPECT_THAT(online_in("blue"), ElementsAre("bob"));
  EXPECT_EQ(tracker.attendance().user_count(), 1u);
}

}  // namespace
}  // namespace atrium::chat
