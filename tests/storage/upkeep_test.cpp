// What a database in use needs from time to time, and what it is looked over for.
#include <gtest/gtest.h>

#include "storage/sqlite_connection.h"
#include "tests/storage/store_contract.h"

namespace atrium::storage {
namespace {

class Upkeep : public StoreContract {
 protected:
  Upkeep() {
    given_user("alice", "Alice");
    given_workspace("default");
    given_channel("general");
    given_channel("random");
  }
  MessageId said(const std::string& channel, const std::string& content, const std::string& client_id = "") {
    const auto appended = await(messages().append({.channel = ChannelId(channel),
                                                   .sender = UserId("alice"),
                                                   .sender_name = "Alice",
                                                   .content = content,
                                                   .client_msg_id = client_id}));
    return appended->message.id;
  }
};
INSTANTIATE_TEST_SUITE_P(Databases, Upkeep, kEveryKind, kind_of);

class UpkeepOfAFile : public Upkeep {};
INSTANTIATE_TEST_SUITE_P(Databases, UpkeepOfAFile, testing::Values("sqlite:"), kind_of);

TEST_P(Upkeep, FindsNoHolesWhateverIsDone) {
  EXPECT_EQ(await(messages().count_holes()), 0U);
  said("general", "one", "1");
  said("general", "one", "1");
  await(messages().remove(said("general", "two"), UserId("alice")));
  said("random", "three");
  EXPECT_EQ(await(messages().count_holes()), 0U);
}

TEST_P(UpkeepOfAFile, FindsEachPlaceWithoutAMessage) {
  said("general", "one");
  said("general", "two");
  said("random", "three");
  SqliteConnection(directory_.file("atrium.db"), SqliteConnection::Access::read_write)
      .execute("DELETE FROM messages WHERE content IN ('one', 'three')");
  EXPECT_EQ(await(messages().count_holes()), 2U);
}

TEST_P(Upkeep, OnlyOfAFileIsThereAnythingToTidy) { EXPECT_EQ(await(database_->tidy()), GetParam() == "sqlite:"); }

TEST_P(UpkeepOfAFile, TidyingFoldsTheLogIntoTheFile) {
  said("general", "one");
  SqliteConnection other(directory_.file("atrium.db"), SqliteConnection::Access::read_write);
  ASSERT_TRUE(await(database_->tidy()));
  // All frames of the log are in the file: none is left to be folded.
  EXPECT_EQ(other.number("PRAGMA wal_checkpoint(PASSIVE)"), 0);
  EXPECT_EQ(await(messages().counts(ChannelId("general"))).last_seq, 1U);
}

TEST_P(UpkeepOfAFile, TidyingWaitsForNobodyAndNobodyForIt) {
  for (int i = 0; i < 100; ++i) {
    said("general", std::to_string(i));
    if (i % 10 == 0) {
      ASSERT_TRUE(await(database_->tidy(), 1));
    }
  }
  EXPECT_EQ(await(messages().counts(ChannelId("general"))).last_seq, 100U);
  EXPECT_EQ(database_->waiting(), 0U);
}

}  // namespace
}  // namespace atrium::storage
