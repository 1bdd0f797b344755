#include "chat/presence/attendance.h"

#include <gmock/gmock.h>

#include <random>

#include "tests/chat/socket_literal.h"
#include "tests/support/manual_clock.h"

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;
using storage::UserId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Arrival = Attendance::Arrival;
using Departure = Attendance::Departure;

const UserId kAlice{"alice"};
const UserId kBob{"bob"};

class AttendanceTest : public ::testing::Test {
 protected:
  TimePoint in(Duration time) const { return clock.now() + time; }

  test::ManualClock clock;
  Attendance attendance;
};

TEST_F(AttendanceTest, ShortensTheGraceOfWhoHasOne) {
  attendance.arrive(kAlice, "a1"_socket);
  EXPECT_FALSE(attendance.shorten(kAlice, in(1s))) << "she is here";
  attendance.lose(kAlice, "a1"_socket, in(10s));
  EXPECT_TRUE(attendance.shorten(kAlice, in(1s)));
  EXPECT_TRUE(attendance.shorten(kAlice, in(5s))) << "which makes it no longer";
  EXPECT_EQ(attendance.next(), in(1s));
  EXPECT_THAT(attendance.overdue(in(1s)), ElementsAre(kAlice));
  EXPECT_FALSE(attendance.shorten(kBob, in(1s)));
}

TEST_F(AttendanceTest, CountsAUserOnceOverAllHisSockets) {
  EXPECT_EQ(attendance.arrive(kAlice, "a1"_socket), Arrival::first);
  EXPECT_EQ(attendance.arrive(kAlice, "a2"_socket), Arrival::one_more);
  EXPECT_EQ(attendance.arrive(kBob, "b1"_socket), Arrival::first);
  EXPECT_EQ(attendance.user_count(), 2u);
  EXPECT_EQ(attendance.socket_count(), 3u);
  EXPECT_THAT(attendance.users(), ElementsAre(kAlice, kBob));
  EXPECT_THAT(*attendance.sockets_of(kAlice), ElementsAre("a1"_socket, "a2"_socket));
}

TEST_F(AttendanceTest, KnowsASocketThatArrivesTwice) {
  attendance.arrive(kAlice, "a1"_socket);
  EXPECT_EQ(attendance.arrive(kAlice, "a1"_socket), Arrival::known);
  EXPECT_EQ(attendance.socket_count(), 1u);
  EXPECT_EQ(attendance.depart(kAlice, "a1"_socket), Departure::last);
}

TEST_F(AttendanceTest, LosesAUserWithTheLastSocketThatLeavesOnPurpose) {
  attendance.arrive(kAlice, "a1"_socket);
  attendance.arrive(kAlice, "a2"_socket);
  EXPECT_EQ(attendance.depart(kAlice, "a1"_socket), Departure::not_last);
  EXPECT_TRUE(attendance.has(kAlice));
  EXPECT_FALSE(attendance.has(kAlice, "a1"_socket));
  EXPECT_EQ(attendance.depart(kAlice, "a2"_socket), Departure::last);
  EXPECT_FALSE(attendance.has(kAlice));
  EXPECT_EQ(attendance.sockets_of(kAlice), nullptr);
  EXPECT_EQ(attendance.user_count(), 0u);
  EXPECT_EQ(attendance.socket_count(), 0u);
  EXPECT_EQ(attendance.next(), std::nullopt);
}

TEST_F(AttendanceTest, KnowsNoSocketThatNeverCame) {
  EXPECT_EQ(attendance.depart(kAlice, "a1"_socket), Departure::unknown);
  EXPECT_EQ(attendance.lose(kAlice, "a1"_socket, in(10s)), Departure::unknown);
  attendance.arrive(kAlice, "a1"_socket);
  EXPECT_EQ(attendance.depart(kAlice, "a2"_socket), Departure::unknown);
  EXPECT_EQ(attendance.lose(kAlice, "a2"_socket, in(10s)), Departure::unknown);
  EXPECT_EQ(attendance.depart(kBob, "a1"_socket), Departure::unknown) << "that socket is somebody else's";
  EXPECT_EQ(attendance.socket_count(), 1u);
}

TEST_F(AttendanceTest, KeepsAUserWhoseConnectionWasLostForTheTimeOfGrace) {
  attendance.arrive(kAlice, "a1"_socket);
  EXPECT_EQ(attendance.lose(kAlice, "a1"_socket, in(10s)), Departure::last);
  EXPECT_TRUE(attendance.has(kAlice));
  EXPECT_EQ(attendance.socket_count(), 0u);
  EXPECT_EQ(attendance.next(), in(10s));
  EXPECT_THAT(attendance.overdue(in(10s - 1ns)), IsEmpty());
  EXPECT_THAT(attendance.overdue(in(10s)), ElementsAre(kAlice));
  EXPECT_TRUE(attendance.has(kAlice)) << "until he is given up";
  EXPECT_TRUE(attendance.give_up(kAlice));
  EXPECT_FALSE(attendance.has(kAlice));
  EXPECT_THAT(attendance.overdue(in(1h)), IsEmpty());
  EXPECT_EQ(attendance.next(), std::nullopt);
}

TEST_F(AttendanceTest, WelcomesBackWithoutNewsWhoReturnsInTime) {
  attendance.arrive(kAlice, "a1"_socket);
  attendance.lose(kAlice, "a1"_socket, in(10s));
  EXPECT_EQ(attendance.arrive(kAlice, "a2"_socket), Arrival::back_in_time);
  EXPECT_EQ(attendance.next(), std::nullopt);
  EXPECT_THAT(attendance.overdue(in(1h)), IsEmpty());
  EXPECT_FALSE(attendance.give_up(kAlice)) << "he is here";
  EXPECT_TRUE(attendance.has(kAlice, "a2"_socket));
}

TEST_F(AttendanceTest, IsNewsAgainAfterTheGrace) {
  attendance.arrive(kAlice, "a1"_socket);
  attendance.lose(kAlice, "a1"_socket, in(10s));
  attendance.give_up(kAlice);
  EXPECT_EQ(attendance.arrive(kAlice, "a2"_socket), Arrival::first);
}

TEST_F(AttendanceTest, GivesNoGraceWhileAnotherSocketIsThere) {
  attendance.arrive(kAlice, "a1"_socket);
  attendance.arrive(kAlice, "a2"_socket);
  EXPECT_EQ(attendance.lose(kAlice, "a1"_socket, in(10s)), Departure::not_last);
  EXPECT_EQ(attendance.next(), std::nullopt);
  EXPECT_EQ(attendance.depart(kAlice, "a2"_socket), Departure::last) << "who leaves on purpose is gone at once";
  EXPECT_FALSE(attendance.has(kAlice));
}

TEST_F(AttendanceTest, NamesThoseWhoAreOverdueInTheOrderOfTheirEnds) {
  for (const auto& [user, grace] : {std::pair(kAlice, 30s), std::pair(kBob, 10s), std::pair(UserId("carol"), 20s)}) {
    attendance.arrive(user, SocketRef{user.value + "1"});
    attendance.lose(user, SocketRef{user.value + "1"}, in(grace));
  }
  EXPECT_EQ(attendance.next(), in(10s));
  EXPECT_THAT(attendance.overdue(in(25s)), ElementsAre(kBob, UserId("carol")));
  attendance.give_up(kBob);
  EXPECT_EQ(attendance.next(), in(20s));
}

TEST_F(AttendanceTest, GivesUpNobodyWhoWasNotThere) { EXPECT_FALSE(attendance.give_up(kAlice)); }

TEST_F(AttendanceTest, PutsAUserOutWithAllHisSockets) {
  attendance.arrive(kAlice, "a1"_socket);
  attendance.arrive(kAlice, "a2"_socket);
  attendance.arrive(kBob, "b1"_socket);
  EXPECT_THAT(attendance.remove(kAlice), ElementsAre("a1"_socket, "a2"_socket));
  EXPECT_FALSE(attendance.has(kAlice));
  EXPECT_EQ(attendance.socket_count(), 1u);
  EXPECT_THAT(attendance.remove(kAlice), IsEmpty());
}

TEST_F(AttendanceTest, PutsAUserOutWhoIsInHisTimeOfGrace) {
  attendance.arrive(kAlice, "a1"_socket);
  attendance.lose(kAlice, "a1"_socket, in(10s));
  EXPECT_THAT(attendance.remove(kAlice), IsEmpty());
  EXPECT_FALSE(attendance.has(kAlice));
  EXPECT_EQ(attendance.next(), std::nullopt);
  EXPECT_THAT(attendance.overdue(in(1h)), IsEmpty());
}

/// The same in the plainest terms: every user with his sockets and the end of his grace.
struct Naive {
  std::map<UserId, std::set<SocketRef>> sockets;
  std::map<UserId, TimePoint> graces;

  bool here(const UserId& user) const { return sockets.contains(user) || graces.contains(user); }
  Departure take(const UserId& user, const SocketRef& socket) {
    if (!sockets.contains(user) || sockets[user].erase(socket) == 0) return Departure::unknown;
    if (!sockets[user].empty()) return Departure::not_last;
    sockets.erase(user);
    return Departure::last;
  }
};

TEST(AttendanceModel, AgreesAfterAnyHistory) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::mt19937 random(seed);
    test::ManualClock clock;
    Attendance attendance;
    Naive naive;
    for (int step = 0; step < 400; ++step) {
      const UserId user{"u" + std::to_string(random() % 4)};
      const SocketRef socket{user.value + "-" + std::to_string(random() % 3), random() % 2};
      const std::string story = "seed " + std::to_string(seed) + ", step " + std::to_string(step);
      switch (random() % 5) {
        case 0: {
          const bool known = naive.sockets.contains(user) && naive.sockets[user].contains(socket);
          const Arrival expected = known                          ? Arrival::known
                                   : naive.graces.erase(user) > 0 ? Arrival::back_in_time
                                   : naive.sockets.contains(user) ? Arrival::one_more
                                                                  : Arrival::first;
          naive.sockets[user].insert(socket);
          ASSERT_EQ(attendance.arrive(user, socket), expected) << story;
          break;
        }
        case 1:
          ASSERT_EQ(attendance.depart(user, socket), naive.take(user, socket)) << story;
          break;
        case 2: {
          const TimePoint until = clock.now() + std::chrono::seconds(random() % 10);
          const Departure expected = naive.take(user, socket);
          if (expected == Departure::last) naive.graces[user] = until;
          ASSERT_EQ(attendance.lose(user, socket, until), expected) << story;
          break;
        }
        case 3: {
          clock.advance(std::chrono::seconds(random() % 4));
          std::set<UserId> expected;
          for (const auto& [waiting, until] : naive.graces) {
            if (until <= clock.now()) expected.insert(waiting);
          }
          const auto overdue = attendance.overdue(clock.now());
          ASSERT_EQ(std::set<UserId>(overdue.begin(), overdue.end()), expected) << story;
          for (const UserId& gone : overdue) {
            ASSERT_TRUE(attendance.give_up(gone)) << story;
            naive.graces.erase(gone);
          }
          break;
        }
        default: {
          if (random() % 8 != 0) break;  // seldom, or nobody is ever there
          ASSERT_EQ(attendance.remove(user), naive.sockets[user]) << story;
          naive.sockets.erase(user);
          naive.graces.erase(user);
        }
      }
      std::size_t sockets = 0;
      for (const auto& [who, his] : naive.sockets) sockets += his.size();
      ASSERT_EQ(attendance.socket_count(), sockets) << story;
      ASSERT_EQ(attendance.user_count(), naive.sockets.size() + naive.graces.size()) << story;
      ASSERT_EQ(attendance.has(user), naive.here(user)) << story;
    }
  }
}

}  // namespace
}  // namespace atrium::chat
