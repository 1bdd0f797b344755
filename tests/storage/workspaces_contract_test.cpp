#include <gmock/gmock.h>

#include "tests/storage/store_contract.h"

namespace atrium::storage {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

const UserId kAlice("alice");
const UserId kBob("bob");
const WorkspaceId kDefault("default");

class WorkspacesContract : public StoreContract {
 protected:
  WorkspacesContract() {
    given_user("alice", "Alice");
    given_user("bob", "Bob");
    given_workspace("default");
  }
  Workspace given_workspace_of(const UserId& owner, const std::string& slug) {
    return *await(workspaces().create({.name = slug, .slug = slug, .created_by = owner}));
  }
};
INSTANTIATE_TEST_SUITE_P(Databases, WorkspacesContract, kEveryKind, kind_of);

TEST_P(WorkspacesContract, WhoMakesAWorkspaceIsItsAdmin) {
  const auto made = await(workspaces().create({.name = "Acme", .slug = "acme", .created_by = kAlice, .description = "Anvils"}));
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->id.value.size(), 24U);
  EXPECT_EQ(made->created_at, clock_.wall());
  EXPECT_EQ(await(workspaces().find(made->id)), *made);
  EXPECT_EQ(await(workspaces().member(made->id, kAlice)), (WorkspaceMember{kAlice, "Alice", Role::admin, clock_.wall()}));
}

TEST_P(WorkspacesContract, ASlugIsTakenOnce) {
  given_workspace_of(kAlice, "acme");
  EXPECT_EQ(await(workspaces().create({.name = "Other", .slug = "acme", .created_by = kBob})).error(), StoreError::name_taken);
  EXPECT_THAT(await(workspaces().list(kBob, {})).records, IsEmpty());
}

TEST_P(WorkspacesContract, NobodyWhoIsUnknownMakesAWorkspace) {
  EXPECT_EQ(await(workspaces().create({.name = "X", .slug = "x", .created_by = UserId("nobody")})).error(),
            StoreError::not_found);
}

TEST_P(WorkspacesContract, AnUpdateChangesWhatItNamesAndLeavesTheRest) {
  const Workspace made = given_workspace_of(kAlice, "acme");
  Workspace wanted = made;
  wanted.name = "Acme Ltd";
  wanted.logo_url = "https://example.com/logo.png";
  const auto updated = await(workspaces().update(made.id, {.name = wanted.name, .logo_url = wanted.logo_url}));
  ASSERT_TRUE(updated.has_value());
  EXPECT_EQ(*updated, wanted);
  EXPECT_EQ(await(workspaces().find(made.id)), wanted);
}

TEST_P(WorkspacesContract, AnUpdateDoesNotTakeASlugAway) {
  const Workspace made = given_workspace_of(kAlice, "acme");
  EXPECT_EQ(await(workspaces().update(made.id, {.name = "New", .slug = "default"})).error(), StoreError::name_taken);
  EXPECT_EQ(await(workspaces().find(made.id)), made);
  EXPECT_EQ(await(workspaces().update(WorkspaceId("none"), {.name = "New"})).error(), StoreError::not_found);
}

TEST_P(WorkspacesContract, ARemovedWorkspaceTakesAllItHoldsAlongAndNothingElse) {
  const Workspace acme = given_workspace_of(kAlice, "acme");
  const auto plans = await(channels().create({.workspace = acme.id, .name = "plans", .created_by = kAlice}));
  const auto secret =
      await(channels().create({.workspace = acme.id, .name = "secret", .type = ChannelType::private_, .created_by = kAlice}));
  given_channel("general");
  await(messages().append({plans->id, kAlice, "Alice", "hello", ""}));
  await(messages().append({ChannelId("general"), kAlice, "Alice", "hello", ""}));

  const auto gone = await(workspaces().remove(acme.id));
  ASSERT_TRUE(gone.has_value());
  EXPECT_THAT(*gone, UnorderedElementsAre(plans->id, secret->id));
  EXPECT_EQ(await(workspaces().find(acme.id)), std::nullopt);
  EXPECT_EQ(await(channels().find(plans->id)), std::nullopt);
  EXPECT_FALSE(await(channels().is_member(secret->id, kAlice)));
  EXPECT_THAT(await(messages().page({.channel = plans->id})).newest_first, IsEmpty());
  EXPECT_THAT(await(workspaces().list(kAlice, {})).records, IsEmpty());
  EXPECT_EQ(await(messages().counts(ChannelId("general"))).last_seq, 1U);
  EXPECT_EQ(await(workspaces().remove(acme.id)), std::nullopt);
  EXPECT_TRUE(await(workspaces().create({.name = "Again", .slug = "acme", .created_by = kBob})).has_value());
}

TEST_P(WorkspacesContract, AnInvitationFindsTheUserByHisAddress) {
  clock_.advance(std::chrono::hours(1));
  const WorkspaceMember bob{kBob, "Bob", Role::admin, clock_.wall()};
  EXPECT_EQ(await(workspaces().invite(kDefault, "BOB@Example.com", Role::admin)), bob);
  EXPECT_EQ(await(workspaces().invite(kDefault, "bob@example.com", Role::member)), bob);
  EXPECT_EQ(await(workspaces().invite(kDefault, "carol@example.com", Role::member)), std::nullopt);
  EXPECT_EQ(await(workspaces().invite(WorkspaceId("none"), "bob@example.com", Role::member)), std::nullopt);
}

TEST_P(WorkspacesContract, ARoleChanges) {
  await(workspaces().add_member(kDefault, kBob, Role::member));
  EXPECT_EQ(await(workspaces().set_role(kDefault, kBob, Role::admin))->role, Role::admin);
  EXPECT_EQ(await(workspaces().member(kDefault, kBob))->role, Role::admin);
  EXPECT_EQ(await(workspaces().set_role(kDefault, kAlice, Role::admin)), std::nullopt);
  EXPECT_EQ(await(workspaces().member(kDefault, kAlice)), std::nullopt);
}

TEST_P(WorkspacesContract, AStandingTellsOfTheWorkspaceAndTheRole) {
  await(workspaces().add_member(kDefault, kBob, Role::member));
  EXPECT_EQ(await(workspaces().standing(kDefault, kBob))->role, Role::member);
  EXPECT_EQ(await(workspaces().standing(kDefault, kAlice))->role, std::nullopt);
  EXPECT_EQ(await(workspaces().standing(kDefault, kAlice))->workspace.slug, "default");
  EXPECT_FALSE(await(workspaces().standing(WorkspaceId("none"), kAlice)).has_value());
}

TEST_P(WorkspacesContract, WhoComesWithHisFirstWorkspaceIsThereSinceThen) {
  const User carol = await(users().ensure({UserId("carol"), "Carol", ""}, kDefault));
  EXPECT_EQ(await(workspaces().member(kDefault, carol.id))->joined_at, carol.created_at);
}

class ChannelsContract : public WorkspacesContract {
 protected:
  ChannelsContract() {
    await(workspaces().add_member(kDefault, kAlice, Role::member));
    await(workspaces().add_member(kDefault, kBob, Role::member));
  }
};
INSTANTIATE_TEST_SUITE_P(Databases, ChannelsContract, kEveryKind, kind_of);

TEST_P(ChannelsContract, WhoMakesAPrivateChannelIsInIt) {
  for (const auto type : {ChannelType::private_, ChannelType::public_}) {
    const auto made = await(
        channels().create({.workspace = kDefault, .name = std::string(to_string(type)), .type = type, .created_by = kAlice}));
    EXPECT_EQ(await(channels().is_member(made->id, kAlice)), type == ChannelType::private_);
  }
}

TEST_P(ChannelsContract, ADirectChannelIsFoundAgainByItsMembers) {
  const auto made = await(channels().direct(kDefault, kAlice, kBob));
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->type, ChannelType::direct);
  EXPECT_THAT(await(channels().members(made->id)), ElementsAre(kAlice, kBob));
  EXPECT_EQ(*await(channels().direct(kDefault, kBob, kAlice)), *made);
  given_user("carol", "Carol");
  await(workspaces().add_member(kDefault, UserId("carol"), Role::member));
  EXPECT_NE(await(channels().direct(kDefault, kAlice, UserId("carol")))->id, made->id);
}

TEST_P(ChannelsContract, ADirectChannelIsFoundAgainWhenOneComesBack) {
  const auto made = await(channels().direct(kDefault, kAlice, kBob));
  await(workspaces().remove_member(kDefault, kBob));
  EXPECT_EQ(await(channels().direct(kDefault, kAlice, kBob)).error(), StoreError::not_found);
  EXPECT_THAT(await(channels().members(made->id)), ElementsAre(kAlice));
  await(workspaces().add_member(kDefault, kBob, Role::member));
  EXPECT_EQ(await(channels().direct(kDefault, kAlice, kBob))->id, made->id);
  EXPECT_THAT(await(channels().members(made->id)), ElementsAre(kAlice, kBob));
}

TEST_P(ChannelsContract, AnUpdateChangesWhatItNamesAndTakesNoNameAway) {
  given_channel("general");
  const auto made = await(channels().create({.workspace = kDefault, .name = "old", .description = "what it was"}));
  Channel wanted = *made;
  wanted.name = "new";
  EXPECT_EQ(*await(channels().update(made->id, {.name = "new"})), wanted);
  EXPECT_EQ(await(channels().update(made->id, {.name = "general", .description = ""})).error(), StoreError::name_taken);
  EXPECT_EQ(await(channels().find(made->id)), wanted);
  EXPECT_EQ(await(channels().update(ChannelId("none"), {})).error(), StoreError::channel_not_found);
}

TEST_P(ChannelsContract, ARemovedChannelTakesItsMessagesAlong) {
  given_channel("general");
  const ChannelId general("general");
  const auto said = await(messages().append({general, kAlice, "Alice", "hello", "c-1"}));
  await(channels().add_member(general, kAlice));
  EXPECT_TRUE(await(channels().remove(general)));
  EXPECT_FALSE(await(channels().remove(general)));
  EXPECT_EQ(await(channels().find(general)), std::nullopt);
  EXPECT_EQ(await(messages().find(said->message.id)), std::nullopt);
  EXPECT_EQ(await(messages().append({general, kAlice, "Alice", "hello", ""})).error(), StoreError::channel_not_found);
}

TEST_P(ChannelsContract, AStandingTellsOfTheChannelTheRoleAndTheMembership) {
  given_channel("secret", ChannelType::private_);
  await(channels().add_member(ChannelId("secret"), kBob));
  await(workspaces().set_role(kDefault, kAlice, Role::admin));
  const auto standing = [&](const UserId& user) { return *await(channels().standing(ChannelId("secret"), user)); };
  EXPECT_EQ(standing(kAlice).channel.name, "secret");
  EXPECT_EQ(standing(kAlice).role, Role::admin);
  EXPECT_FALSE(standing(kAlice).added);
  EXPECT_EQ(standing(kBob).role, Role::member);
  EXPECT_TRUE(standing(kBob).added);
  EXPECT_EQ(standing(UserId("stranger")).role, std::nullopt);
  EXPECT_FALSE(await(channels().standing(ChannelId("none"), kBob)).has_value());
}

TEST_P(ChannelsContract, TheChannelsOfAWorkspaceAreCounted) {
  given_channel("general");
  given_channel("secret", ChannelType::private_);
  EXPECT_THAT(await(channels().ids_in(kDefault)), UnorderedElementsAre(ChannelId("general"), ChannelId("secret")));
  EXPECT_THAT(await(channels().ids_in(WorkspaceId("none"))), IsEmpty());
}

}  // namespace

}  // namespace atrium::storage
