#include <gmock/gmock.h>

#include "tests/storage/store_contract.h"

namespace atrium::storage {

namespace {

using namespace std::chrono_literals;

const UserId kAlice("alice");
const WorkspaceId kDefault("default");

class UserContract : public StoreContract {
 protected:
  UserContract() { given_workspace("default"); }

  Result<User, StoreError> create(const std::string& email, std::optional<WorkspaceId> first = std::nullopt) {
    Account account{.user = {.id = {}, .name = "Grace Hopper", .email = email}, .password_hash = "$argon2id$..."};
    account.user.first_name = "Grace";
    account.user.last_name = "Hopper";
    return await(users().create(std::move(account), std::move(first)));
  }
};
INSTANTIATE_TEST_SUITE_P(Databases, UserContract, kEveryKind, kind_of);

TEST_P(UserContract, AnAccountIsMadeWithAnIdAndItsFirstWorkspace) {
  const auto made = create("grace@navy.example", kDefault);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->id.value.size(), 24U);
  EXPECT_EQ(made->name, "Grace Hopper");
  EXPECT_EQ(made->first_name, "Grace");
  EXPECT_EQ(made->last_name, "Hopper");
  EXPECT_EQ(made->role, GlobalRole::user);
  EXPECT_TRUE(made->active);
  EXPECT_EQ(made->created_at, clock_.wall());
  EXPECT_EQ(await(users().find(made->id)), *made);
  EXPECT_TRUE(await(workspaces().is_member(kDefault, made->id)));
}

TEST_P(UserContract, AnAddressBelongsToOneWhateverItsLetters) {
  ASSERT_TRUE(create("grace@navy.example"));
  EXPECT_EQ(create("Grace@Navy.example").error(), StoreError::email_taken);
  given_user("alice", "Alice");
  EXPECT_EQ(create("alice@example.com").error(), StoreError::email_taken) << "of somebody who came with a token";
}

TEST_P(UserContract, ATokenMayBringAnAddressThatAnAccountHas) {
  ASSERT_TRUE(create("grace@navy.example"));
  EXPECT_EQ(await(users().ensure({kAlice, "Alice", "grace@navy.example"})).email, "grace@navy.example");
  EXPECT_EQ(await(users().account_of("grace@navy.example"))->user.name, "Grace Hopper");
}

TEST_P(UserContract, AnAccountIsFoundByItsAddressWithItsHash) {
  const auto made = create("grace@navy.example");
  for (const char* email : {"grace@navy.example", "GRACE@navy.example"}) {
    const auto account = await(users().account_of(email));
    ASSERT_TRUE(account) << email;
    EXPECT_EQ(account->user, *made);
    EXPECT_EQ(account->password_hash, "$argon2id$...");
  }
  EXPECT_FALSE(await(users().account_of("nobody@navy.example")));
}

TEST_P(UserContract, WhoHasNoPasswordHasNoAccount) {
  given_user("alice", "Alice");
  EXPECT_FALSE(await(users().account_of("alice@example.com")));
  given_user("ghost", "Ghost");
  EXPECT_FALSE(await(users().account_of("")));
}

TEST_P(UserContract, OnlyWhatIsNamedChanges) {
  const auto made = create("grace@navy.example");
  User expected = *made;
  expected.last_name = "Murray";
  EXPECT_EQ(*await(users().change(made->id, {.last_name = "Murray"})), expected);
  expected.role = GlobalRole::superadmin;
  EXPECT_EQ(*await(users().change(made->id, {.role = GlobalRole::superadmin})), expected);
  EXPECT_EQ(await(users().find(made->id)), expected);
  EXPECT_EQ(await(users().change(UserId("nobody"), {.name = "x"})).error(), StoreError::not_found);
}

TEST_P(UserContract, WhoHasNamedHimselfKeepsHisNameWhateverHisTokenSays) {
  given_user("alice", "Alice");
  ASSERT_TRUE(await(users().change(kAlice, {.name = "Ally"})));
  EXPECT_EQ(await(users().ensure({kAlice, "Alice Liddell", "new@example.com"})).name, "Ally");
  const auto made = create("grace@navy.example");
  EXPECT_EQ(await(users().ensure({made->id, "Somebody", "x@example.com"})), *made);
}

TEST_P(UserContract, WhoIsDeactivatedLosesHisSessionsForGood) {
  given_user("alice", "Alice");
  Session session{.id = SessionId("s1"), .user = kAlice, .device = {}, .address = {}};
  session.expires_at = clock_.wall() + 1h;
  await(sessions().begin(session, TokenHash("t1")));
  const auto changed = await(users().change(kAlice, {.active = false}));
  ASSERT_TRUE(changed);
  EXPECT_FALSE(changed->active);
  EXPECT_FALSE(changed->own_profile);
  EXPECT_TRUE(await(sessions().of_user(kAlice)).empty());
  EXPECT_TRUE(await(users().change(kAlice, {.active = true}))->active);
  EXPECT_FALSE(await(users().standing(kAlice, SessionId("s1"))).session_lives);
}

TEST_P(UserContract, PeopleSeeThemselvesAndThoseOfTheirWorkspaces) {
  given_workspace("other");
  for (const char* id : {"alice", "bob", "mallory"}) given_user(id, id);
  await(workspaces().add_member(kDefault, kAlice, Role::member));
  await(workspaces().add_member(kDefault, UserId("bob"), Role::member));
  await(workspaces().add_member(WorkspaceId("other"), UserId("mallory"), Role::member));
  EXPECT_TRUE(await(users().find_seen_by(kAlice, kAlice)));
  EXPECT_TRUE(await(users().find_seen_by(UserId("bob"), kAlice)));
  EXPECT_FALSE(await(users().find_seen_by(UserId("mallory"), kAlice)));
  EXPECT_FALSE(await(users().find_seen_by(UserId("nobody"), kAlice)));
  EXPECT_FALSE(await(users().find_seen_by(UserId("nobody"), UserId("nobody"))));
}

}  // namespace

}  // namespace atrium::storage
