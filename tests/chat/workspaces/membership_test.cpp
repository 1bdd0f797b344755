#include "chat/workspaces/membership.h"

#include <gmock/gmock.h>

#include "tests/support/manual_clock.h"
#include "tests/support/task_shards.h"

namespace atrium::chat {
namespace {

const storage::UserId kAlice("alice");
const storage::WorkspaceId kAcme("acme");
const storage::ChannelId kSecret("secret");

/// A workspace of alice with a private channel, in a database that answers in the order of asking.
class MembershipTest : public testing::Test {
 protected:
  MembershipTest() : database_(std::move(*storage::Database::open("memory:", clock_))) {
    shards_.await(database_->users().ensure({kAlice, "Alice", "alice@example.com"}));
    shards_.await(database_->workspaces().create({.id = kAcme, .name = "Acme", .slug = "acme", .created_by = kAlice}));
    shards_.await(database_->channels().create(
        {.id = kSecret, .workspace = kAcme, .name = "secret", .type = storage::ChannelType::private_, .created_by = kAlice}));
  }
  ~MembershipTest() override { database_->close(); }

  /// Asks `question`, and removes alice before the answer is there.
  template <class Answer>
  Task<Answer> ask_and_remove(Task<Answer> question, bool counted) {
    const auto remove = [](Membership& membership, storage::Database& database, bool count) -> Task<void> {
      if (count) membership.changed(kAlice);
      co_await database.workspaces().remove_member(kAcme, kAlice);
    };
    std::optional<Answer> answer;
    const auto ask = [](Task<Answer> asked, std::optional<Answer>& into) -> Task<void> { into.emplace(co_await asked); };
    spawn(ask(std::move(question), answer));
    co_await remove(membership_, *database_, counted);
    // The first answer came before the removal; a second one is behind it.
    while (!answer) co_await database_->users().find(kAlice);
    co_return std::move(*answer);
  }

  test::ManualClock clock_;
  test::TaskShards shards_;
  std::unique_ptr<storage::Database> database_;
  const Config config_;
  Membership membership_{config_, *database_};
};

TEST_F(MembershipTest, WhoeverIsInSeesTheChannelAndTheWorkspace) {
  const auto channel = shards_.await(membership_.channel_access(kSecret, kAlice));
  ASSERT_TRUE(channel);
  EXPECT_TRUE(channel->ties.in_channel && channel->ties.creator && channel->ties.admin);
  const auto workspace = shards_.await(membership_.workspace_access(kAcme, kAlice));
  ASSERT_TRUE(workspace);
  EXPECT_TRUE(workspace->ties.owner);
}

TEST_F(MembershipTest, AnAnswerThatARemovalHasOvertakenIsAskedForAgain) {
  const auto channel = shards_.await(ask_and_remove(membership_.channel(kSecret, kAlice), true));
  ASSERT_FALSE(channel);
  EXPECT_EQ(channel.error().code, "CHANNEL_NOT_FOUND");
}

TEST_F(MembershipTest, AnAnswerAboutAWorkspaceThatARemovalHasOvertakenIsAskedForAgain) {
  const auto workspace = shards_.await(ask_and_remove(membership_.workspace(kAcme, kAlice), true));
  ASSERT_FALSE(workspace);
  EXPECT_EQ(workspace.error().code, "WORKSPACE_NOT_FOUND");
}

TEST_F(MembershipTest, AnAnswerThatCameBeforeTheRemovalWasCountedStands) {
  EXPECT_TRUE(shards_.await(ask_and_remove(membership_.channel(kSecret, kAlice), false)));
}

TEST_F(MembershipTest, AChangeForAllIsAChangeForEachOne) {
  const auto before = membership_.changes(kAlice);
  membership_.changed_for_all();
  EXPECT_NE(membership_.changes(kAlice), before);
}

}  // namespace
}  // namespace atrium::chat
