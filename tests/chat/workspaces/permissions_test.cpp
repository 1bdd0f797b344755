#include "chat/workspaces/permissions.h"

#include <gmock/gmock.h>

#include <functional>

namespace atrium::chat {
namespace {

using enum storage::ChannelType;
using testing::UnorderedElementsAreArray;

struct Person {
  const char* name;
  ChannelTies ties;
};
constexpr std::array kPeople{
    Person{"stranger", {}},
    Person{"outsider", {.in_workspace = true}},
    Person{"admin outside", {.in_workspace = true, .admin = true}},
    Person{"creator outside", {.in_workspace = true, .creator = true}},
    Person{"member", {.in_workspace = true, .in_channel = true}},
    Person{"creator", {.in_workspace = true, .in_channel = true, .creator = true}},
    Person{"admin", {.in_workspace = true, .admin = true, .in_channel = true}},
};

/// Who may, and the code that each of the others is told.
using Verdicts = std::map<std::string, std::string>;

Verdicts verdicts(ChannelAction action, storage::ChannelType type) {
  Verdicts all;
  for (const auto& [name, ties] : kPeople) {
    const auto refused = refusal(action, type, ties);
    all[name] = refused ? refused->code : "may";
  }
  return all;
}

const Verdicts kAnybodyInPublic{{"stranger", "CHANNEL_NOT_FOUND"},
                                {"outsider", "may"},
                                {"admin outside", "may"},
                                {"creator outside", "may"},
                                {"member", "may"},
                                {"creator", "may"},
                                {"admin", "may"}};
const Verdicts kGovernorInPublic{{"stranger", "CHANNEL_NOT_FOUND"},
                                 {"outsider", "NOT_CHANNEL_ADMIN"},
                                 {"admin outside", "may"},
                                 {"creator outside", "may"},
                                 {"member", "NOT_CHANNEL_ADMIN"},
                                 {"creator", "may"},
                                 {"admin", "may"}};

Verdicts closed(const char* to_members, const char* to_creator, const char* to_admin) {
  return {{"stranger", "CHANNEL_NOT_FOUND"},
          {"outsider", "NOT_CHANNEL_MEMBER"},
          {"admin outside", "NOT_CHANNEL_MEMBER"},
          {"creator outside", "NOT_CHANNEL_MEMBER"},
          {"member", to_members},
          {"creator", to_creator},
          {"admin", to_admin}};
}
const Verdicts kInsiders = closed("may", "may", "may");
const Verdicts kGovernors = closed("NOT_CHANNEL_ADMIN", "may", "may");
const Verdicts kNobody = closed("DIRECT_CHANNEL_IMMUTABLE", "DIRECT_CHANNEL_IMMUTABLE", "DIRECT_CHANNEL_IMMUTABLE");

TEST(Permissions, AChannelIsSeenByTheWorkspaceIfPublicAndElseByThoseInIt) {
  EXPECT_EQ(verdicts(ChannelAction::see, public_), kAnybodyInPublic);
  EXPECT_EQ(verdicts(ChannelAction::see, private_), kInsiders);
  EXPECT_EQ(verdicts(ChannelAction::see, direct), kInsiders);
}

TEST(Permissions, AnybodyJoinsAndLeavesAPublicChannelByHimself) {
  EXPECT_EQ(verdicts(ChannelAction::join, public_), kAnybodyInPublic);
  EXPECT_EQ(verdicts(ChannelAction::leave, public_), kAnybodyInPublic);
}

TEST(Permissions, WhoIsInAPrivateChannelMayLeaveIt) {
  EXPECT_EQ(verdicts(ChannelAction::join, private_), kInsiders);
  EXPECT_EQ(verdicts(ChannelAction::leave, private_), kInsiders);
}

TEST(Permissions, WhoMadeAChannelAndTheAdminsGovernIt) {
  for (const auto action :
       {ChannelAction::add_member, ChannelAction::remove_member, ChannelAction::change, ChannelAction::remove}) {
    EXPECT_EQ(verdicts(action, public_), kGovernorInPublic);
    EXPECT_EQ(verdicts(action, private_), kGovernors);
  }
}

TEST(Permissions, ADirectChannelIsNobodysToChange) {
  for (const auto action : {ChannelAction::join, ChannelAction::leave, ChannelAction::add_member, ChannelAction::remove_member,
                            ChannelAction::change, ChannelAction::remove}) {
    EXPECT_EQ(verdicts(action, direct), kNobody);
  }
}

TEST(Permissions, OnlyMembersSeeAWorkspaceAndOnlyAdminsChangeIt) {
  using enum WorkspaceAction;
  const auto verdict = [](WorkspaceAction action, WorkspaceTies ties) {
    const auto refused = refusal(action, ties);
    return refused ? refused->code : std::string("may");
  };
  for (const auto& [action, who] : kWorkspaceRules) {
    EXPECT_EQ(verdict(action, {}), "WORKSPACE_NOT_FOUND");
    EXPECT_EQ(verdict(action, {.member = true, .admin = true}), "may");
  }
  for (const auto action : {see, make_channel, leave}) EXPECT_EQ(verdict(action, {.member = true}), "may");
  for (const auto action : {invite, change, change_role, remove_member, remove}) {
    EXPECT_EQ(verdict(action, {.member = true}), "NOT_WORKSPACE_ADMIN");
  }
  EXPECT_EQ(verdict(leave, {.member = true, .admin = true, .owner = true}), "CANNOT_REMOVE_OWNER");
  EXPECT_EQ(verdict(remove, {.member = true, .admin = true, .owner = true}), "may");
}

TEST(Permissions, WhatIsNotSeenAcrossWorkspacesHasTheWordsOfWhatDoesNotExist) {
  EXPECT_EQ(refusal(ChannelAction::see, private_, ChannelTies{})->message, failures::channel_not_found().message);
  EXPECT_EQ(refusal(ChannelAction::see, private_, ChannelTies{})->status, 404U);
  EXPECT_EQ(refusal(WorkspaceAction::see, WorkspaceTies{})->message, failures::workspace_not_found().message);
}

}  // namespace
}  // namespace atrium::chat
