#include <gmock/gmock.h>

#include "tests/storage/store_contract.h"

namespace atrium::storage {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using Outcome = Rotation::Outcome;

const UserId kAlice("alice");
const UserId kBob("bob");

class SessionContract : public StoreContract {
 protected:
  SessionContract() {
    given_user("alice", "Alice");
    given_user("bob", "Bob");
  }

  std::vector<SessionId> begin(const std::string& id, const std::string& token, const UserId& user = kAlice,
                               std::chrono::hours lifetime = 1h) {
    Session session{.id = SessionId(id), .user = user, .device = "Firefox", .address = "192.0.2.1"};
    session.expires_at = clock_.wall() + lifetime;
    return await(sessions().begin(session, TokenHash(token)));
  }
  Rotation rotate(const std::string& token, const std::string& next, std::size_t shard = 0) {
    return await(sessions().rotate(TokenHash(token), TokenHash(next), clock_.wall() + 1h), shard);
  }
  bool lives(const std::string& session, const UserId& user = kAlice) {
    return await(users().standing(user, SessionId(session))).session_lives;
  }
};
INSTANTIATE_TEST_SUITE_P(Databases, SessionContract, kEveryKind, kind_of);

TEST_P(SessionContract, ASessionIsListedWithItsTimesAndIsALogin) {
  begin("s1", "t1");
  const Session expected{.id = SessionId("s1"),
                         .user = kAlice,
                         .device = "Firefox",
                         .address = "192.0.2.1",
                         .created_at = clock_.wall(),
                         .last_used_at = clock_.wall(),
                         .expires_at = clock_.wall() + 1h};
  EXPECT_THAT(await(sessions().of_user(kAlice)), ElementsAre(expected));
  EXPECT_THAT(await(sessions().of_user(kBob)), IsEmpty());
  EXPECT_EQ(await(users().find(kAlice))->last_login_at, clock_.wall());
  EXPECT_EQ(await(users().find(kBob))->last_login_at, std::nullopt);
}

TEST_P(SessionContract, ATokenIsExchangedOnceAndProlongsTheSession) {
  begin("s1", "t1");
  clock_.advance(30min);
  const Rotation rotation = rotate("t1", "t2");
  EXPECT_EQ(rotation.outcome, Outcome::rotated);
  EXPECT_EQ(rotation.session.user, kAlice);
  EXPECT_EQ(rotation.session.last_used_at, clock_.wall());
  EXPECT_THAT(await(sessions().of_user(kAlice)), ElementsAre(rotation.session));
  clock_.advance(45min);
  EXPECT_EQ(rotate("t2", "t3").outcome, Outcome::rotated);
}

TEST_P(SessionContract, ATokenThatComesAgainAtOnceIsARepetition) {
  begin("s1", "t1");
  rotate("t1", "t2");
  clock_.advance(SessionStore::kRepeatWindow);
  EXPECT_EQ(rotate("t1", "t2").outcome, Outcome::repeated);
  EXPECT_TRUE(lives("s1"));
  EXPECT_EQ(rotate("t2", "t3").outcome, Outcome::rotated);
}

TEST_P(SessionContract, ATokenThatComesAgainLaterEndsItsSessionAndNoOther) {
  begin("s1", "t1");
  begin("s2", "u1");
  rotate("t1", "t2");
  rotate("t2", "t3");
  clock_.advance(SessionStore::kRepeatWindow + 1ms);
  const Rotation rotation = rotate("t1", "t2");
  EXPECT_EQ(rotation.outcome, Outcome::reused);
  EXPECT_EQ(rotation.session.id, SessionId("s1"));
  EXPECT_FALSE(lives("s1"));
  EXPECT_EQ(rotate("t3", "t4").outcome, Outcome::unknown);
  EXPECT_EQ(rotate("u1", "u2").outcome, Outcome::rotated);
}

TEST_P(SessionContract, OfManyThatExchangeOneTokenAtOnceOneIsFirst) {
  begin("s1", "t1");
  std::vector<std::future<Rotation>> running;
  for (std::size_t i = 0; i < 30; ++i) {
    running.push_back(shards_.start(sessions().rotate(TokenHash("t1"), TokenHash("t2"), clock_.wall() + 1h), i % 3));
  }
  int rotated = 0;
  for (auto& one : running) {
    const Outcome outcome = one.get().outcome;
    EXPECT_TRUE(outcome == Outcome::rotated || outcome == Outcome::repeated);
    rotated += outcome == Outcome::rotated;
  }
  EXPECT_EQ(rotated, 1);
  EXPECT_EQ(rotate("t2", "t3").outcome, Outcome::rotated);
}

TEST_P(SessionContract, AnUnknownTokenIsUnknown) {
  begin("s1", "t1");
  EXPECT_EQ(rotate("other", "t2").outcome, Outcome::unknown);
  EXPECT_TRUE(lives("s1"));
}

TEST_P(SessionContract, ATokenExpiresWithItsSession) {
  begin("s1", "t1");
  clock_.advance(1h - 1ms);
  EXPECT_TRUE(lives("s1"));
  EXPECT_TRUE(await(sessions().find_by_token(TokenHash("t1"))));
  clock_.advance(1ms);
  EXPECT_EQ(rotate("t1", "t2").outcome, Outcome::expired);
  EXPECT_FALSE(lives("s1"));
  EXPECT_FALSE(await(sessions().find_by_token(TokenHash("t1"))));
  EXPECT_THAT(await(sessions().of_user(kAlice)), IsEmpty());
}

TEST_P(SessionContract, TheExpiredOnesAreRemovedWithTheirTokens) {
  begin("s1", "t1");
  begin("s2", "u1", kAlice, 3h);
  clock_.advance(2h);
  EXPECT_EQ(await(sessions().remove_expired()), 1U);
  EXPECT_EQ(await(sessions().remove_expired()), 0U);
  EXPECT_EQ(rotate("t1", "t2").outcome, Outcome::unknown);
  EXPECT_TRUE(lives("s2"));
}

TEST_P(SessionContract, ASessionIsEndedByItsUserOnly) {
  begin("s1", "t1");
  EXPECT_FALSE(await(sessions().end(kBob, SessionId("s1"))));
  EXPECT_TRUE(lives("s1"));
  EXPECT_FALSE(lives("s1", kBob)) << "it is not his";
  EXPECT_TRUE(await(sessions().end(kAlice, SessionId("s1"))));
  EXPECT_FALSE(await(sessions().end(kAlice, SessionId("s1"))));
  EXPECT_FALSE(lives("s1"));
  EXPECT_EQ(rotate("t1", "t2").outcome, Outcome::unknown);
}

TEST_P(SessionContract, AllSessionsOfAUserEndTogether) {
  begin("s1", "t1");
  begin("s2", "u1");
  begin("s3", "v1", kBob);
  EXPECT_THAT(await(sessions().end_all(kAlice)), UnorderedElementsAre(SessionId("s1"), SessionId("s2")));
  EXPECT_THAT(await(sessions().end_all(kAlice)), IsEmpty());
  EXPECT_TRUE(lives("s3", kBob));
}

TEST_P(SessionContract, ATokenTellsItsSessionBeforeAndAfterItsExchange) {
  begin("s1", "t1");
  rotate("t1", "t2");
  for (const char* token : {"t1", "t2"}) {
    const auto found = await(sessions().find_by_token(TokenHash(token)));
    ASSERT_TRUE(found) << token;
    EXPECT_EQ(found->id, SessionId("s1"));
  }
  EXPECT_FALSE(await(sessions().find_by_token(TokenHash("t3"))));
}

TEST_P(SessionContract, TheLongestUnusedSessionGoesForOneTooMany) {
  for (std::size_t i = 0; i < SessionStore::kMaxOfUser; ++i) {
    EXPECT_THAT(begin("s" + std::to_string(i), "t" + std::to_string(i)), IsEmpty());
    clock_.advance(1ms);
  }
  rotate("t0", "t0b");
  EXPECT_THAT(begin("new", "n1"), ElementsAre(SessionId("s1")));
  EXPECT_TRUE(lives("s0"));
  EXPECT_TRUE(lives("new"));
  EXPECT_EQ(await(sessions().of_user(kAlice)).size(), SessionStore::kMaxOfUser);
}

TEST_P(SessionContract, AFamilyRemembersItsNewestTokens) {
  begin("s1", "t1");
  const std::uint64_t last = SessionStore::kMaxOfFamily + 2;
  for (std::uint64_t i = 1; i < last; ++i) rotate("t" + std::to_string(i), "t" + std::to_string(i + 1));
  EXPECT_FALSE(await(sessions().find_by_token(TokenHash("t2"))));
  EXPECT_TRUE(await(sessions().find_by_token(TokenHash("t3"))));
  EXPECT_TRUE(await(sessions().find_by_token(TokenHash("t" + std::to_string(last)))));
}

TEST_P(SessionContract, WhoShowsNoSessionLacksNone) {
  const Standing standing = await(users().standing(kAlice, SessionId()));
  ASSERT_TRUE(standing.user);
  EXPECT_EQ(standing.user->id, kAlice);
  EXPECT_TRUE(standing.session_lives);
  EXPECT_FALSE(await(users().standing(UserId("nobody"), SessionId())).user);
}

}  // namespace

}  // namespace atrium::storage
