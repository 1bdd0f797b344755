#include "chat/channels/elsewhere.h"

#include <gmock/gmock.h>

namespace atrium::chat {
namespace {

using storage::UserId;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const NodeId kNorth("north");
const NodeId kSouth("south");
const UserId kAlice("alice");
const UserId kBob("bob");

TEST(Elsewhere, IsEmptyAtFirst) {
  const Elsewhere elsewhere;
  EXPECT_FALSE(elsewhere.has(kAlice));
  EXPECT_THAT(elsewhere.users(), IsEmpty());
  EXPECT_THAT(elsewhere.users_of(kNorth), IsEmpty());
  EXPECT_EQ(elsewhere.socket_count(), 0u);
}

TEST(Elsewhere, CountsAUserOnceOverAllNodes) {
  Elsewhere elsewhere;
  EXPECT_TRUE(elsewhere.enter(kNorth, kAlice));
  EXPECT_FALSE(elsewhere.enter(kSouth, kAlice)) << "the other node says so already";
  EXPECT_TRUE(elsewhere.enter(kSouth, kBob));
  EXPECT_TRUE(elsewhere.has(kAlice));
  EXPECT_THAT(elsewhere.users(), UnorderedElementsAre(kAlice, kBob));
}

TEST(Elsewhere, HasAUserUntilTheLastNodeSaysThatHeIsGone) {
  Elsewhere elsewhere;
  elsewhere.enter(kNorth, kAlice);
  elsewhere.enter(kSouth, kAlice);
  EXPECT_FALSE(elsewhere.leave(kNorth, kAlice));
  EXPECT_TRUE(elsewhere.has(kAlice));
  EXPECT_TRUE(elsewhere.leave(kSouth, kAlice));
  EXPECT_FALSE(elsewhere.has(kAlice));
  EXPECT_THAT(elsewhere.users(), IsEmpty());
  EXPECT_TRUE(elsewhere.enter(kNorth, kAlice)) << "he may come again";
}

TEST(Elsewhere, IsTheSameWhenItHearsAFactTwice) {
  Elsewhere elsewhere;
  EXPECT_TRUE(elsewhere.enter(kNorth, kAlice));
  EXPECT_FALSE(elsewhere.enter(kNorth, kAlice));
  EXPECT_TRUE(elsewhere.leave(kNorth, kAlice)) << "one goodbye is enough";
  EXPECT_FALSE(elsewhere.leave(kNorth, kAlice));
}

TEST(Elsewhere, LosesNobodyOfWhomTheNodeSaysNothing) {
  Elsewhere elsewhere;
  EXPECT_FALSE(elsewhere.leave(kNorth, kAlice));
  EXPECT_FALSE(elsewhere.has(kAlice));
  elsewhere.enter(kNorth, kAlice);
  EXPECT_FALSE(elsewhere.leave(kSouth, kAlice));
  EXPECT_FALSE(elsewhere.leave(kNorth, kBob));
  EXPECT_TRUE(elsewhere.has(kAlice));
}

TEST(Elsewhere, KnowsWhatEachNodeSays) {
  Elsewhere elsewhere;
  elsewhere.enter(kNorth, kAlice);
  elsewhere.enter(kNorth, kBob);
  elsewhere.enter(kSouth, kBob);
  EXPECT_THAT(elsewhere.users_of(kNorth), UnorderedElementsAre(kAlice, kBob));
  EXPECT_THAT(elsewhere.users_of(kSouth), UnorderedElementsAre(kBob));
  elsewhere.leave(kNorth, kBob);
  EXPECT_THAT(elsewhere.users_of(kNorth), UnorderedElementsAre(kAlice));
  EXPECT_THAT(elsewhere.users_of(kSouth), UnorderedElementsAre(kBob));
}

TEST(Elsewhere, AddsUpWhatEachNodeHasSaidLastOfItsSockets) {
  Elsewhere elsewhere;
  elsewhere.count(kNorth, 3);
  elsewhere.count(kSouth, 2);
  EXPECT_EQ(elsewhere.socket_count(), 5u);
  elsewhere.count(kNorth, 1);
  EXPECT_EQ(elsewhere.socket_count(), 3u);
  elsewhere.count(kSouth, 0);
  EXPECT_EQ(elsewhere.socket_count(), 1u);
}

TEST(Elsewhere, CountsNoSocketsOfANodeThatIsForgotten) {
  Elsewhere elsewhere;
  elsewhere.count(kNorth, 3);
  elsewhere.count(kSouth, 2);
  elsewhere.forget(kNorth);
  EXPECT_EQ(elsewhere.socket_count(), 2u);
  elsewhere.forget(kNorth);
  EXPECT_EQ(elsewhere.socket_count(), 2u);
}

}  // namespace
}  // namespace atrium::chat
