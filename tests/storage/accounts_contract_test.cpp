#include <gmock/gmock.h>

#include "tests/storage/store_contract.h"

namespace atrium::storage {

namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

class AccountsContract : public StoreContract {};
INSTANTIATE_TEST_SUITE_P(Databases, AccountsContract, kEveryKind, kind_of);

const UserId kAlice("alice");
const UserId kBob("bob");
const WorkspaceId kDefault("default");

TEST_P(AccountsContract, EnsureMakesAnUnknownUserNow) {
  const User stored = await(users().ensure({kAlice, "Alice", "alice@example.com"}));
  EXPECT_EQ(stored, (User{kAlice, "Alice", "alice@example.com", clock_.wall()}));
  EXPECT_EQ(await(users().find(kAlice)), stored);
}

TEST_P(AccountsContract, EnsureTakesOverAChangedNameAndKeepsTheDate) {
  const User first = await(users().ensure({kAlice, "Alice", "alice@example.com"}));
  clock_.advance(std::chrono::hours(1));
  const User changed = await(users().ensure({kAlice, "Alice Liddell", "alice@example.org"}));
  EXPECT_EQ(changed, (User{kAlice, "Alice Liddell", "alice@example.org", first.created_at}));
  EXPECT_EQ(await(users().find(kAlice)), changed);
}

TEST_P(AccountsContract, EnsureMakesOnlyANewUserAMember) {
  await(workspaces().ensure({kDefault, "Default", "default", UserId()}));
  await(users().ensure({kAlice, "Alice", ""}, kDefault));
  EXPECT_TRUE(await(workspaces().is_member(kDefault, kAlice)));
  await(workspaces().remove_member(kDefault, kAlice));
  await(users().ensure({kAlice, "Alice Liddell", ""}, kDefault));
  EXPECT_FALSE(await(workspaces().is_member(kDefault, kAlice)));
}

TEST_P(AccountsContract, FindsNoUserThatWasNeverMade) { EXPECT_EQ(await(users().find(UserId("nobody"))), std::nullopt); }

TEST_P(AccountsContract, KeepsTextAsItIs) {
  const std::string name = std::string("zero \0 inside, ", 15) + "quotes ' \" and \xF0\x9F\x8E\xB9";
  await(users().ensure({kAlice, name, ""}));
  EXPECT_EQ(await(users().find(kAlice))->name, name);
}

TEST_P(AccountsContract, EnsureLeavesAnExistingWorkspaceAsItIs) {
  const Workspace made = await(workspaces().ensure({kDefault, "Default", "default", kAlice}));
  EXPECT_EQ(made, (Workspace{kDefault, "Default", "default", kAlice, "", "", clock_.wall()}));
  EXPECT_EQ(await(workspaces().ensure({kDefault, "Other", "other", kBob})), made);
  EXPECT_EQ(await(workspaces().find(kDefault)), made);
  EXPECT_EQ(await(workspaces().find(WorkspaceId("none"))), std::nullopt);
}

TEST_P(AccountsContract, EnsureRefusesASlugThatIsTaken) {
  await(workspaces().ensure({kDefault, "Default", "default", UserId()}));
  EXPECT_THROW(await(workspaces().ensure({WorkspaceId("second"), "Second", "default", UserId()})), StoreUnavailable);
  EXPECT_EQ(await(workspaces().find(WorkspaceId("second"))), std::nullopt);
}

TEST_P(AccountsContract, AMemberIsAddedOnceAndKeepsHisRole) {
  given_user("alice", "Alice");
  given_workspace("default");
  EXPECT_FALSE(await(workspaces().is_member(kDefault, kAlice)));
  EXPECT_TRUE(await(workspaces().add_member(kDefault, kAlice, Role::admin)));
  EXPECT_FALSE(await(workspaces().add_member(kDefault, kAlice, Role::member)));
  EXPECT_TRUE(await(workspaces().is_member(kDefault, kAlice)));
  EXPECT_THAT(await(workspaces().list_members(kDefault, {})).records,
              ElementsAre(WorkspaceMember{kAlice, "Alice", Role::admin, clock_.wall()}));
}

TEST_P(AccountsContract, NobodyIsAddedToWhatDoesNotExist) {
  given_user("alice", "Alice");
  given_workspace("default");
  EXPECT_FALSE(await(workspaces().add_member(WorkspaceId("none"), kAlice, Role::member)));
  EXPECT_FALSE(await(workspaces().add_member(kDefault, UserId("nobody"), Role::member)));
  EXPECT_THAT(await(workspaces().list_members(kDefault, {})).records, IsEmpty());
}

TEST_P(AccountsContract, MembersAndWorkspacesAreListedByName) {
  given_user("u1", "Zoe");
  given_user("u2", "Adam");
  given_workspace("north");
  given_workspace("east");
  for (const char* workspace : {"north", "east"}) {
    for (const char* user : {"u1", "u2"}) {
      await(workspaces().add_member(WorkspaceId(workspace), UserId(user), Role::member));
    }
  }
  EXPECT_THAT(await(workspaces().list_members(WorkspaceId("north"), {})).records,
              ElementsAre(Field(&WorkspaceMember::name, "Adam"), Field(&WorkspaceMember::name, "Zoe")));
  EXPECT_THAT(await(users().standing(UserId("u1"), SessionId())).workspaces,
              ElementsAre(WorkspaceId("east"), WorkspaceId("north")));
  EXPECT_THAT(await(workspaces().list(UserId("u1"), {})).records,
              ElementsAre(Field(&Workspace::name, "east"), Field(&Workspace::name, "north")));
}

TEST_P(AccountsContract, WhoLeavesAWorkspaceLeavesItsChannels) {
  given_user("alice", "Alice");
  given_workspace("default");
  given_channel("secret", ChannelType::private_);
  await(workspaces().add_member(kDefault, kAlice, Role::member));
  await(channels().add_member(ChannelId("secret"), kAlice));

  EXPECT_TRUE(await(workspaces().remove_member(kDefault, kAlice)));
  EXPECT_FALSE(await(workspaces().remove_member(kDefault, kAlice)));
  EXPECT_FALSE(await(workspaces().is_member(kDefault, kAlice)));
  EXPECT_FALSE(await(channels().is_member(ChannelId("secret"), kAlice)));
}

TEST_P(AccountsContract, AChannelIsFoundByIdAndByName) {
  given_workspace("default");
  const Channel channel{.id = ChannelId("general"),
                        .workspace = kDefault,
                        .name = "general",
                        .description = "For everyone",
                        .type = ChannelType::public_,
                        .created_by = kAlice,
                        .created_at = WallTime(std::chrono::seconds(1))};
  const auto made = await(channels().create(channel));
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(*made, channel);
  EXPECT_EQ(await(channels().find(channel.id)), channel);
  EXPECT_EQ(await(channels().find_by_name(kDefault, "general")), channel);
  EXPECT_EQ(await(channels().find(ChannelId("none"))), std::nullopt);
  EXPECT_EQ(await(channels().find_by_name(WorkspaceId("other"), "general")), std::nullopt);
}

TEST_P(AccountsContract, AChannelWithoutAnIdGetsOneAndTheDate) {
  given_workspace("default");
  const auto made = await(channels().create({.workspace = kDefault, .name = "random"}));
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->id.value.size(), 24U);
  EXPECT_EQ(made->created_at, clock_.wall());
  EXPECT_EQ(await(channels().find(made->id)), *made);
}

TEST_P(AccountsContract, AChannelNameIsTakenOnceInAWorkspace) {
  given_workspace("default");
  given_workspace("other");
  given_channel("general");
  EXPECT_EQ(await(channels().create({.workspace = kDefault, .name = "general"})).error(), StoreError::name_taken);
  EXPECT_EQ(await(channels().create({.id = ChannelId("general"), .workspace = kDefault, .name = "x"})).error(),
            StoreError::name_taken);
  EXPECT_TRUE(await(channels().create({.workspace = WorkspaceId("other"), .name = "general"})).has_value());
  EXPECT_EQ(await(channels().create({.workspace = WorkspaceId("none"), .name = "general"})).error(), StoreError::not_found);
}

TEST_P(AccountsContract, PrivateChannelsAreSeenByThoseWhoWereAdded) {
  given_user("alice", "Alice");
  given_user("bob", "Bob");
  given_workspace("default");
  given_channel("team", ChannelType::private_);
  given_channel("general");
  given_channel("alice-bob", ChannelType::direct);
  for (const UserId& user : {kAlice, kBob}) await(workspaces().add_member(kDefault, user, Role::member));
  await(channels().add_member(ChannelId("team"), kAlice));
  await(channels().add_member(ChannelId("alice-bob"), kAlice));
  await(channels().add_member(ChannelId("alice-bob"), kBob));

  const auto seen_by = [&](const UserId& user) {
    std::vector<std::string> names;
    for (const Channel& channel : await(channels().list(kDefault, user, {})).records) names.push_back(channel.name);
    return names;
  };
  EXPECT_THAT(seen_by(kAlice), ElementsAre("alice-bob", "general", "team"));
  EXPECT_THAT(seen_by(kBob), ElementsAre("alice-bob", "general"));
  EXPECT_THAT(seen_by(UserId("carol")), ElementsAre("general"));
  EXPECT_THAT(await(channels().list(WorkspaceId("other"), kAlice, {})).records, IsEmpty());
}

TEST_P(AccountsContract, OpenToAUserAreChannelsOfHisWorkspacesThatArePublicOrHeWasAddedTo) {
  given_user("alice", "Alice");
  given_workspace("default");
  for (const auto& [id, type] : {std::pair("general", ChannelType::public_),
                                 {"team", ChannelType::private_},
                                 {"board", ChannelType::private_},
                                 {"pair", ChannelType::direct}}) {
    given_channel(id, type);
  }
  const std::vector<ChannelId> all{ChannelId("pair"), ChannelId("board"), ChannelId("none"), ChannelId("general"),
                                   ChannelId("team")};
  EXPECT_THAT(await(channels().open_to(kAlice, all)), IsEmpty()) << "she is in no workspace";
  await(workspaces().add_member(kDefault, kAlice, Role::member));
  for (const char* id : {"team", "pair"}) await(channels().add_member(ChannelId(id), kAlice));
  EXPECT_THAT(await(channels().open_to(kAlice, all)), ElementsAre(ChannelId("pair"), ChannelId("general"), ChannelId("team")));
  EXPECT_THAT(await(channels().open_to(kAlice, {})), IsEmpty());
  EXPECT_THAT(await(channels().open_to(kBob, all)), IsEmpty());
}

TEST_P(AccountsContract, ChannelMembersComeAndGo) {
  given_user("alice", "Alice");
  given_user("bob", "Bob");
  given_workspace("default");
  given_channel("general");
  const ChannelId general("general");
  EXPECT_FALSE(await(channels().add_member(general, kBob)));
  for (const UserId& user : {kAlice, kBob}) await(workspaces().add_member(kDefault, user, Role::member));
  EXPECT_TRUE(await(channels().add_member(general, kBob)));
  EXPECT_TRUE(await(channels().add_member(general, kAlice)));
  EXPECT_FALSE(await(channels().add_member(general, kAlice)));
  EXPECT_FALSE(await(channels().add_member(general, UserId("nobody"))));
  EXPECT_FALSE(await(channels().add_member(ChannelId("none"), kAlice)));
  EXPECT_THAT(await(channels().members(general)), ElementsAre(kAlice, kBob));

  EXPECT_TRUE(await(channels().remove_member(general, kAlice)));
  EXPECT_FALSE(await(channels().remove_member(general, kAlice)));
  EXPECT_FALSE(await(channels().is_member(general, kAlice)));
  EXPECT_TRUE(await(channels().is_member(general, kBob)));
}

}  // namespace

}  // namespace atrium::storage
