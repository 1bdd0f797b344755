// Several nodes on one MongoDB: what they write to the same channel gets one order, whatever fails in between.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/storage/store_contract.h"

namespace atrium::storage {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const ChannelId kGeneral("general");
const UserId kAlice("alice");

class MongoNodes : public StoreContract {
 protected:
  MongoNodes() {
    given_workspace("default");
    given_channel("general");
    if (mongo_) other_ = open();
  }
  ~MongoNodes() override {
    if (other_) other_->close();
  }

  NewMessage saying(std::string content, std::string client_msg_id = "") {
    return {kGeneral, kAlice, "Alice", std::move(content), std::move(client_msg_id)};
  }
  Message say(const std::string& content) { return await(messages().append(saying(content)))->message; }

  std::unique_ptr<Database> other_;
};
INSTANTIATE_TEST_SUITE_P(Databases, MongoNodes, testing::Values("mongodb:"), kind_of);

/// Says something, changes it, deletes every third one; each seq that was given.
Task<std::vector<std::uint64_t>> talk(MessageStore& messages, int count) {
  std::vector<std::uint64_t> seqs;
  for (int i = 0; i < count; ++i) {
    NewMessage message{kGeneral, kAlice, "Alice", "hi", ""};
    const auto appended = co_await messages.append(std::move(message));
    if (!appended) throw std::runtime_error("not appended");
    seqs.push_back(appended->message.seq);
    ContentChange change{.id = appended->message.id, .author = kAlice, .content = "ho"};
    const auto edited = co_await messages.edit(std::move(change));
    if (!edited) throw std::runtime_error("not edited");
    if (i % 3 == 0) co_await messages.remove(appended->message.id, kAlice);
  }
  co_return seqs;
}

/// Reads what changes, from where it left off, until `last`; the highest mod_seq of each message.
Task<std::map<std::string, std::uint64_t>> follow(MessageStore& messages, std::uint64_t last) {
  std::map<std::string, std::uint64_t> seen;
  std::uint64_t since = 0;
  while (since < last) {
    const Changes changes = co_await messages.changes(kGeneral, since, 7);
    for (const Message& message : changes.oldest_first) {
      seen[message.id.value] = message.mod_seq;
      since = message.mod_seq;
    }
    if (!changes.has_more) since = changes.now.mod_seq;
  }
  co_return seen;
}

TEST_P(MongoNodes, GiveOneOrderToWhatTheyWriteAtTheSameTimeAndNoReaderMissesAChange) {
  constexpr int kEach = 15;
  constexpr std::uint64_t kChanges = 4 * (kEach * 2 + kEach / 3);
  auto follower = shards_.start(follow(other_->messages(), kChanges), 2);
  std::vector<std::future<std::vector<std::uint64_t>>> talkers;
  for (std::size_t i = 0; i < 4; ++i) {
    talkers.push_back(shards_.start(talk(i % 2 ? messages() : other_->messages(), kEach), i % 2));
  }
  std::vector<std::uint64_t> seqs;
  for (auto& talker : talkers) {
    const auto given = talker.get();
    EXPECT_TRUE(std::is_sorted(given.begin(), given.end()));
    seqs.insert(seqs.end(), given.begin(), given.end());
  }
  std::sort(seqs.begin(), seqs.end());
  ASSERT_EQ(seqs.size(), 4U * kEach);
  for (std::size_t i = 0; i < seqs.size(); ++i) EXPECT_EQ(seqs[i], i + 1);
  EXPECT_EQ(await(messages().counts(kGeneral)), (ChannelCounts{.last_seq = 4 * kEach, .mod_seq = kChanges}));
  EXPECT_EQ(await(messages().count_holes()), 0U);

  const auto seen = follower.get();
  const Page all = await(messages().page({.channel = kGeneral, .limit = 1000, .include_deleted = true}));
  ASSERT_EQ(all.newest_first.size(), 4U * kEach);
  for (const Message& message : all.newest_first) EXPECT_EQ(seen.at(message.id.value), message.mod_seq) << message.seq;
}

TEST_P(MongoNodes, StoreARepeatedMessageOnceWhicheverOfThemGetsIt) {
  std::vector<std::future<Result<Appended, StoreError>>> running;
  for (std::size_t i = 0; i < 12; ++i) {
    MessageStore& node = i % 2 ? messages() : other_->messages();
    running.push_back(shards_.start(node.append(saying("once", "c1")), i % 3));
  }
  std::set<std::string> ids;
  int stored = 0;
  for (auto& one : running) {
    const auto appended = one.get();
    ASSERT_TRUE(appended.has_value());
    ids.insert(appended->message.id.value);
    stored += !appended->duplicate;
  }
  EXPECT_EQ(stored, 1);
  EXPECT_EQ(ids.size(), 1U);
  EXPECT_EQ(await(messages().counts(kGeneral)).last_seq, 1U);
}

TEST_P(MongoNodes, CompleteTheEditOfOneThatFailedHalfWay) {
  const Message message = say("one");
  mongo_->run(R"({"insert": "messages", "documents": [{"_id": "half", "channelId": "general", "at": {"$numberLong": "2"},
    "lastSeq": {"$numberLong": "1"}, "target": ")" +
              message.id.value + R"(", "change": {"content": "uno", "mentions": [],
    "rev": {"$numberLong": "2"}, "edited": true, "deleted": false, "modSeq": {"$numberLong": "2"}}}]})");
  const Changes changes = await(other_->messages().changes(kGeneral, 1, 10));
  ASSERT_EQ(changes.oldest_first.size(), 1U);
  EXPECT_EQ(changes.oldest_first.front().content, "uno");
  EXPECT_EQ(changes.now, (ChannelCounts{.last_seq = 1, .mod_seq = 2}));
  EXPECT_EQ(say("two").mod_seq, 3U);
  EXPECT_EQ(await(messages().edit({.id = message.id, .author = kAlice, .content = "eins"}))->message.rev, 3U);
  EXPECT_EQ(await(messages().find(MessageId("half"))), std::nullopt) << "it is no message";
}

TEST_P(MongoNodes, KeepNowhereWhatWasSaidBeforeItWasDeleted) {
  const Message message = say("secret");
  await(messages().edit({.id = message.id, .author = kAlice, .content = "more secret"}));
  await(messages().remove(message.id, kAlice));
  // A document with `content` that is not blank, or with a change still in it, would be counted.
  EXPECT_EQ(mongo_->count("messages", R"({"$or": [{"content": {"$gt": ""}}, {"change": {"$exists": true}}]})"), 0);
}

TEST_P(MongoNodes, FinishARemovalThatWasCutShort) {
  say("one");
  mongo_->run(R"({"insert": "removals", "documents": [{"_id": "8:channelsgeneral", "collection": "channels",
    "removed": "general"}]})");
  EXPECT_TRUE(await(other_->tidy()));
  EXPECT_FALSE(await(other_->tidy()));
  EXPECT_EQ(await(channels().find(kGeneral)), std::nullopt);
  EXPECT_EQ(mongo_->count("messages", "{}"), 0);
}

TEST_P(MongoNodes, MakeAChannelAnewWithoutTheRestOfTheOldOne) {
  say("one");
  mongo_->run(R"({"insert": "removals", "documents": [{"_id": "8:channelsgeneral", "collection": "channels",
    "removed": "general"}]})");
  mongo_->run(R"({"delete": "channels", "deletes": [{"q": {"_id": "general"}, "limit": 1}]})");
  given_channel("general");
  EXPECT_FALSE(await(database_->tidy()));
  EXPECT_EQ(say("two").seq, 1U);
}

TEST_P(MongoNodes, FindEachPlaceWithoutAMessage) {
  const Message message = say("one");
  say("two");
  mongo_->run(R"({"delete": "messages", "deletes": [{"q": {"_id": ")" + message.id.value + R"("}, "limit": 1}]})");
  EXPECT_EQ(await(messages().count_holes()), 1U);
}

}  // namespace
}  // namespace atrium::storage
