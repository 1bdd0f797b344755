#include "storage/database.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "tests/support/manual_clock.h"
#include "tests/support/task_shards.h"
#include "tests/support/temporary_directory.h"

namespace atrium::storage {

namespace {

using testing::AllOf;
using testing::HasSubstr;

class DatabaseTest : public testing::Test {
 protected:
  std::unique_ptr<Database> open(const std::string& url) {
    auto opened = Database::open(url, clock_);
    if (!opened) throw std::runtime_error(opened.error());
    return std::move(*opened);
  }
  std::string refusal(const std::string& url) {
    const auto opened = Database::open(url, clock_);
    return opened ? "opened" : opened.error();
  }
  void give_general(Database& database) {
    shards_.await(database.workspaces().ensure({WorkspaceId("default"), "Default", "default", UserId()}));
    Channel general{.id = ChannelId("general"), .workspace = WorkspaceId("default"), .name = "general"};
    ASSERT_TRUE(shards_.await(database.channels().create(general)).has_value());
  }
  static NewMessage hello() { return {ChannelId("general"), UserId("alice"), "Alice", "hello", ""}; }
  static std::string content_of(const std::string& path) {
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    return content.str();
  }

  test::ManualClock clock_;
  test::TemporaryDirectory directory_;
  test::TaskShards shards_;
  const std::string path_ = directory_.file("atrium.db");
};

TEST_F(DatabaseTest, AFileKeepsEverythingOverAReopening) {
  Message stored;
  {
    const auto database = open("sqlite:" + path_);
    give_general(*database);
    stored = shards_.await(database->messages().append(hello()))->message;
    database->close();
  }
  const auto again = open("sqlite:" + path_);
  EXPECT_EQ(shards_.await(again->messages().find(stored.id)), stored);
  EXPECT_EQ(shards_.await(again->messages().append(hello()))->message.seq, 2U);
  EXPECT_TRUE(shards_.await(again->channels().find(ChannelId("general"))).has_value());
}

TEST_F(DatabaseTest, ClosingLeavesOneFileBehind) {
  open("sqlite:" + path_)->close();
  EXPECT_TRUE(std::filesystem::exists(path_));
  EXPECT_FALSE(std::filesystem::exists(path_ + "-wal"));
}

TEST_F(DatabaseTest, TwoProgramsMayUseOneFile) {
  const auto one = open("sqlite:" + path_);
  const auto other = open("sqlite:" + path_);
  give_general(*one);
  EXPECT_EQ(shards_.await(one->messages().append(hello()))->message.seq, 1U);
  EXPECT_EQ(shards_.await(other->messages().append(hello()))->message.seq, 2U);
}

TEST_F(DatabaseTest, CloseFinishesWhatWasAccepted) {
  for (const std::string& url : {std::string("memory:"), "sqlite:" + path_}) {
    const auto database = open(url);
    give_general(*database);
    std::vector<std::future<Result<Appended, StoreError>>> running;
    for (int i = 0; i < 500; ++i) running.push_back(shards_.start(database->messages().append(hello())));
    // What is posted after them finds them accepted.
    std::promise<void> all_accepted;
    shards_[0].post([&] { all_accepted.set_value(); });
    all_accepted.get_future().get();
    database->close();
    for (auto& one : running) EXPECT_TRUE(one.get().has_value());
  }
}

TEST_F(DatabaseTest, AClosedDatabaseRefuses) {
  for (const std::string& url : {std::string("memory:"), "sqlite:" + path_}) {
    const auto database = open(url);
    database->close();
    database->close();
    EXPECT_EQ(shards_.await(database->messages().append(hello())).error(), StoreError::unavailable);
    EXPECT_THROW(shards_.await(database->users().find(UserId("alice"))), StoreUnavailable);
    EXPECT_THROW(shards_.await(database->channels().add_member(ChannelId("general"), UserId("alice"))), StoreUnavailable);
  }
}

TEST_F(DatabaseTest, SaysWhichUrlsThereAre) {
  EXPECT_THAT(refusal("postgres://localhost/chat"),
              AllOf(HasSubstr("postgres://localhost/chat"), HasSubstr("sqlite:PATH"), HasSubstr("memory:")));
  EXPECT_THAT(refusal("sqlite:"), HasSubstr("names no file"));
  EXPECT_THAT(refusal(""), HasSubstr("sqlite:PATH"));
}

TEST_F(DatabaseTest, SaysThatADirectoryIsMissing) {
  const std::string path = directory_.file("missing/atrium.db");
  EXPECT_THAT(refusal("sqlite:" + path), AllOf(HasSubstr(path), HasSubstr("its directory must exist")));
}

TEST_F(DatabaseTest, SaysThatADirectoryIsNoFile) {
  EXPECT_THAT(refusal("sqlite:" + directory_.file("")), HasSubstr("cannot be opened"));
}

TEST_F(DatabaseTest, SaysThatAFileIsNoDatabaseAndLeavesIt) {
  const std::string garbage(5000, 'x');
  std::ofstream(path_) << garbage;
  EXPECT_THAT(refusal("sqlite:" + path_), AllOf(HasSubstr(path_), HasSubstr("is not an SQLite database")));
  EXPECT_EQ(content_of(path_), garbage);
}

TEST_F(DatabaseTest, LeavesTheDatabaseOfAnotherProgramAlone) {
  SQLite::Database(path_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE songs (title TEXT)");
  const std::string before = content_of(path_);
  EXPECT_THAT(refusal("sqlite:" + path_), HasSubstr("belongs to another program"));
  EXPECT_EQ(content_of(path_), before);
}

TEST_F(DatabaseTest, RefusesTheDatabaseOfANewerVersion) {
  open("sqlite:" + path_)->close();
  SQLite::Database(path_, SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
  EXPECT_THAT(refusal("sqlite:" + path_), AllOf(HasSubstr("newer Atrium"), HasSubstr("99")));
}

}  // namespace

}  // namespace atrium::storage
