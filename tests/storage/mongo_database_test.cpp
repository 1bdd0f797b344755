#include <gmock/gmock.h>

#include "storage/database.h"
#include "tests/support/manual_clock.h"
#include "tests/support/mongo_database.h"
#include "tests/support/task_shards.h"

namespace atrium::storage {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const ChannelId kGeneral("general");

std::string refusal(const std::string& url) {
  const test::ManualClock clock;
  const auto opened = Database::open(url, clock);
  return opened ? "opened" : opened.error();
}

TEST(MongoUrl, OfAServerThatDoesNotAnswerIsToldWithoutThePassword) {
  EXPECT_THAT(refusal("mongodb://ann:hush@127.0.0.1:1/chat?serverSelectionTimeoutMS=300"),
              AllOf(HasSubstr("127.0.0.1:1 does not answer"), HasSubstr("start it"), Not(HasSubstr("hush"))));
}

TEST(MongoUrl, ThatIsNoneIsToldWithoutThePassword) {
  EXPECT_THAT(refusal("mongodb://ann:hu sh:@/:x"), AllOf(HasSubstr("mongodb://[NAME:PASSWORD@]HOST"), Not(HasSubstr("sh:"))));
  EXPECT_THAT(refusal("postgres://ann:hush@localhost/chat"),
              AllOf(HasSubstr("postgres://localhost/chat"), HasSubstr("mongodb://"), Not(HasSubstr("hush"))));
}

class MongoDatabaseTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::MongoDatabase::available()) GTEST_SKIP() << test::MongoDatabase::kSkipped;
    mongo_ = std::make_unique<test::MongoDatabase>();
  }
  std::unique_ptr<Database> open() {
    auto opened = Database::open(mongo_->url(), clock_);
    if (!opened) throw std::runtime_error(opened.error());
    return std::move(*opened);
  }
  void give_general(Database& database) {
    shards_.await(database.workspaces().ensure({WorkspaceId("default"), "Default", "default", UserId()}));
    Channel general{.id = kGeneral, .workspace = WorkspaceId("default"), .name = "general"};
    ASSERT_TRUE(shards_.await(database.channels().create(general)).has_value());
  }
  static NewMessage hello() { return {kGeneral, UserId("alice"), "Alice", "hello", ""}; }

  test::ManualClock clock_;
  test::TaskShards shards_;
  std::unique_ptr<test::MongoDatabase> mongo_;
};

TEST_F(MongoDatabaseTest, KeepsEverythingOverAReopening) {
  const auto first = open();
  give_general(*first);
  const Message stored = shards_.await(first->messages().append(hello()))->message;
  first->close();
  const auto again = open();
  EXPECT_EQ(shards_.await(again->messages().find(stored.id)), stored);
  EXPECT_EQ(shards_.await(again->messages().append(hello()))->message.seq, 2U);
}

TEST_F(MongoDatabaseTest, CloseFinishesWhatWasAcceptedInItsOrder) {
  const auto database = open();
  give_general(*database);
  std::vector<std::future<Result<Appended, StoreError>>> running;
  for (int i = 0; i < 50; ++i) running.push_back(shards_.start(database->messages().append(hello())));
  // What is posted after them finds them accepted.
  std::promise<void> all_accepted;
  shards_[0].post([&] { all_accepted.set_value(); });
  all_accepted.get_future().get();
  database->close();
  for (std::uint64_t seq = 1; auto& one : running) EXPECT_EQ(one.get()->message.seq, seq++);
}

TEST_F(MongoDatabaseTest, RefusesWhenItIsClosed) {
  const auto database = open();
  database->close();
  database->close();
  EXPECT_EQ(shards_.await(database->messages().append(hello())).error(), StoreError::unavailable);
  EXPECT_THROW(shards_.await(database->users().find(UserId("alice"))), StoreUnavailable);
  EXPECT_THROW(shards_.await(database->messages().settle()), StoreUnavailable);
}

TEST_F(MongoDatabaseTest, LeavesTheDatabaseOfAnotherProgramAlone) {
  mongo_->run(R"({"insert": "songs", "documents": [{"_id": "1"}]})");
  EXPECT_THAT(refusal(mongo_->url()), HasSubstr("belongs to another program"));
  EXPECT_EQ(mongo_->count("atrium", "{}"), 0);
}

TEST_F(MongoDatabaseTest, RefusesTheDatabaseOfANewerVersion) {
  open()->close();
  mongo_->run(R"({"update": "atrium", "updates": [{"q": {"_id": "schema"}, "u": {"$set": {"version": 99}}}]})");
  EXPECT_THAT(refusal(mongo_->url()), AllOf(HasSubstr("newer Atrium"), HasSubstr("99")));
}

TEST_F(MongoDatabaseTest, TakesWordsOfMongoDbAsText) {
  const auto database = open();
  give_general(*database);
  const std::string operators[] = {"$ne", "{\"$gt\": \"\"}", "$where", ".*", "a.b"};
  for (const std::string& word : operators) {
    EXPECT_EQ(shards_.await(database->users().find(UserId(word))), std::nullopt);
    EXPECT_FALSE(shards_.await(database->users().account_of(word)).has_value());
    EXPECT_EQ(shards_.await(database->channels().find(ChannelId(word))), std::nullopt);
    NewMessage message = hello();
    message.client_msg_id = message.content = word;
    message.mentions = {UserId(word)};
    const auto stored = shards_.await(database->messages().append(message));
    ASSERT_TRUE(stored.has_value()) << word;
    EXPECT_EQ(shards_.await(database->messages().find(stored->message.id)), stored->message);
  }
}

}  // namespace
}  // namespace atrium::storage
