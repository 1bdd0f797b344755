// What every kind of database must do for the presence of users.
#include <gmock/gmock.h>

#include "tests/storage/store_contract.h"

namespace atrium::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class PresenceStoreContract : public StoreContract {
 protected:
  static WallTime at(int minute) { return WallTime(std::chrono::minutes(28'333'333 + minute)); }
  const UserId alice{"alice"};
  const UserId bob{"bob"};
};
INSTANTIATE_TEST_SUITE_P(Databases, PresenceStoreContract, kEveryKind, kind_of);

TEST_P(PresenceStoreContract, KnowsWhenUsersWereSeenLast) {
  await(presence().save_last_seen({{alice, at(1)}, {bob, at(2)}}));
  EXPECT_THAT(await(presence().last_seen({alice, bob, UserId("nobody")})), ElementsAre(Pair(alice, at(1)), Pair(bob, at(2))));
  EXPECT_THAT(await(presence().last_seen({})), IsEmpty());
}

TEST_P(PresenceStoreContract, NeverGoesBackInTime) {
  await(presence().save_last_seen({{alice, at(5)}}));
  EXPECT_EQ(await(presence().save_last_seen({{alice, at(3)}})), 0u) << "an older word that comes late";
  EXPECT_THAT(await(presence().last_seen({alice})), ElementsAre(Pair(alice, at(5))));
  EXPECT_EQ(await(presence().save_last_seen({{alice, at(6)}})), 1u);
  EXPECT_THAT(await(presence().last_seen({alice})), ElementsAre(Pair(alice, at(6))));
}

TEST_P(PresenceStoreContract, KeepsChoicesUntilTheyEndOrAreTakenBack) {
  const ChosenStatus busy{alice, "dnd", at(10)};
  const ChosenStatus hidden{bob, "invisible", std::nullopt};
  await(presence().choose(busy));
  await(presence().choose(hidden));
  EXPECT_THAT(await(presence().choices(at(9))), ElementsAre(busy, hidden));
  EXPECT_THAT(await(presence().choices(at(10))), ElementsAre(hidden)) << "until means until";
  await(presence().choose({bob, "", std::nullopt}));
  EXPECT_THAT(await(presence().choices(at(9))), ElementsAre(busy));
}

TEST_P(PresenceStoreContract, KeepsChoiceAndLastSeenApart) {
  await(presence().choose({alice, "dnd", std::nullopt}));
  EXPECT_THAT(await(presence().last_seen({alice})), IsEmpty()) << "he was never here";
  await(presence().save_last_seen({{alice, at(1)}}));
  EXPECT_THAT(await(presence().choices(at(1))), ElementsAre(ChosenStatus{alice, "dnd", std::nullopt}));
  EXPECT_THAT(await(presence().last_seen({alice})), ElementsAre(Pair(alice, at(1))));
}

}  // namespace
}  // namespace atrium::storage
