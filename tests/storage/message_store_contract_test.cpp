#include <gmock/gmock.h>

#include <algorithm>

#include "tests/storage/store_contract.h"

namespace atrium::storage {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const ChannelId kGeneral("general");
const UserId kAlice("alice");
const UserId kBob("bob");

class MessageStoreContract : public StoreContract {
 protected:
  MessageStoreContract() {
    given_workspace("default");
    given_channel("general");
    given_channel("random");
  }

  NewMessage from_alice(std::string content, std::string client_msg_id = "") {
    return {kGeneral, kAlice, "Alice", std::move(content), std::move(client_msg_id)};
  }
  Message said(const std::string& content) { return await(messages().append(from_alice(content)))->message; }
  void said_many(int count) {
    for (int i = 1; i <= count; ++i) said(std::to_string(i));
  }

  struct Seen {
    std::vector<std::uint64_t> seqs;
    bool has_more;
  };
  Seen page(std::size_t limit, std::optional<std::uint64_t> before = {}, std::optional<std::uint64_t> after = {}) {
    const Page found = await(messages().page({.channel = kGeneral, .before_seq = before, .after_seq = after, .limit = limit}));
    Seen seen{{}, found.has_more};
    for (const Message& message : found.newest_first) seen.seqs.push_back(message.seq);
    return seen;
  }
};
INSTANTIATE_TEST_SUITE_P(Databases, MessageStoreContract, kEveryKind, kind_of);

TEST_P(MessageStoreContract, AppendedMessagesAreNumberedWithoutAGap) {
  const auto first = await(messages().append(from_alice("one", "c1")));
  const auto second = await(messages().append(from_alice("two")));
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_EQ(first->message, (Message{.id = first->message.id,
                                     .channel = kGeneral,
                                     .sender = kAlice,
                                     .sender_name = "Alice",
                                     .content = "one",
                                     .client_msg_id = "c1",
                                     .seq = 1,
                                     .rev = 1,
                                     .mod_seq = 1,
                                     .created_mod_seq = 1,
                                     .created_at = clock_.wall(),
                                     .updated_at = clock_.wall()}));
  EXPECT_EQ(first->message.id.value.size(), 24U);
  EXPECT_EQ(first->prev_seq, 0U);
  EXPECT_FALSE(first->duplicate);
  EXPECT_EQ(second->message.seq, 2U);
  EXPECT_EQ(second->prev_seq, 1U);
  EXPECT_EQ(await(messages().find(first->message.id)), first->message);
  EXPECT_EQ(await(messages().counts(kGeneral)).last_seq, 2U);
}

TEST_P(MessageStoreContract, EachChannelCountsForItself) {
  said("one");
  NewMessage elsewhere = from_alice("one");
  elsewhere.channel = ChannelId("random");
  EXPECT_EQ(await(messages().append(elsewhere))->message.seq, 1U);
  EXPECT_EQ(await(messages().counts(ChannelId("random"))).last_seq, 1U);
  EXPECT_EQ(await(messages().counts(ChannelId("none"))).last_seq, 0U);
}

TEST_P(MessageStoreContract, NothingIsAppendedToAnUnknownChannel) {
  NewMessage lost = from_alice("one");
  lost.channel = ChannelId("none");
  EXPECT_EQ(await(messages().append(lost)).error(), StoreError::channel_not_found);
}

TEST_P(MessageStoreContract, TheSameMessageAgainIsADuplicate) {
  const auto first = await(messages().append(from_alice("one", "c1")));
  said("between");
  clock_.advance(std::chrono::seconds(5));
  const auto again = await(messages().append(from_alice("one", "c1")));
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->duplicate);
  EXPECT_EQ(again->message, first->message);
  EXPECT_EQ(again->prev_seq, first->prev_seq);
  EXPECT_EQ(await(messages().counts(kGeneral)).last_seq, 2U);
}

TEST_P(MessageStoreContract, AUsedClientIdWithOtherContentOrChannelIsAConflict) {
  await(messages().append(from_alice("one", "c1")));
  EXPECT_EQ(await(messages().append(from_alice("two", "c1"))).error(), StoreError::idempotency_conflict);
  NewMessage elsewhere = from_alice("one", "c1");
  elsewhere.channel = ChannelId("random");
  EXPECT_EQ(await(messages().append(elsewhere)).error(), StoreError::idempotency_conflict);
  EXPECT_EQ(await(messages().counts(kGeneral)).last_seq, 1U);
  EXPECT_EQ(await(messages().counts(ChannelId("random"))).last_seq, 0U);
}

TEST_P(MessageStoreContract, ClientIdsAreEachSendersOwn) {
  await(messages().append(from_alice("one", "c1")));
  NewMessage from_bob = from_alice("two", "c1");
  from_bob.sender = kBob;
  EXPECT_FALSE(await(messages().append(from_bob))->duplicate);
}

TEST_P(MessageStoreContract, WithoutAClientIdTheSameContentIsAnotherMessage) {
  EXPECT_EQ(said("hi").seq, 1U);
  EXPECT_EQ(said("hi").seq, 2U);
}

TEST_P(MessageStoreContract, ARepetitionAfterAnEditIsADuplicateThatCarriesTheEdit) {
  const auto first = await(messages().append(from_alice("one", "c1")));
  await(messages().edit({first->message.id, kAlice, "uno"}));
  const auto again = await(messages().append(from_alice("one", "c1")));
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->duplicate);
  EXPECT_EQ(again->message.content, "uno");
}

TEST_P(MessageStoreContract, AnEditCountsTheRevision) {
  const Message message = said("one");
  clock_.advance(std::chrono::minutes(1));
  const auto edited = await(messages().edit({message.id, kAlice, "uno"}));
  ASSERT_TRUE(edited.has_value());
  EXPECT_TRUE(edited->changed);
  Message expected = message;
  expected.content = "uno";
  expected.edited = true;
  expected.rev = 2;
  expected.mod_seq = 2;
  expected.updated_at = clock_.wall();
  EXPECT_EQ(edited->message, expected);
  EXPECT_EQ(await(messages().find(message.id)), expected);
}

TEST_P(MessageStoreContract, AnEditToTheSameContentChangesNothing) {
  const Message message = said("one");
  clock_.advance(std::chrono::minutes(1));
  const auto edited = await(messages().edit({message.id, kAlice, "one"}));
  EXPECT_FALSE(edited->changed);
  EXPECT_EQ(edited->message, message);
}

TEST_P(MessageStoreContract, OnlyTheAuthorChangesAMessage) {
  const Message message = said("one");
  EXPECT_EQ(await(messages().edit({message.id, kBob, "mine"})).error(), StoreError::not_author);
  EXPECT_EQ(await(messages().remove(message.id, kBob)).error(), StoreError::not_author);
  EXPECT_EQ(await(messages().find(message.id)), message);
}

TEST_P(MessageStoreContract, AnUnknownMessageIsNotFound) {
  const MessageId none("000000000000000000000000");
  EXPECT_EQ(await(messages().find(none)), std::nullopt);
  EXPECT_EQ(await(messages().edit({none, kAlice, "x"})).error(), StoreError::not_found);
  EXPECT_EQ(await(messages().remove(none, kAlice)).error(), StoreError::not_found);
}

TEST_P(MessageStoreContract, ARemovedMessageIsBlankAndKeepsItsPlace) {
  const Message message = said("secret");
  const auto removed = await(messages().remove(message.id, kAlice));
  ASSERT_TRUE(removed.has_value());
  EXPECT_TRUE(removed->changed);
  EXPECT_EQ(removed->message.content, "");
  EXPECT_TRUE(removed->message.deleted);
  EXPECT_EQ(removed->message.rev, 2U);
  EXPECT_EQ(await(messages().find(message.id)), removed->message);

  const auto again = await(messages().remove(message.id, kAlice));
  ASSERT_TRUE(again.has_value());
  EXPECT_FALSE(again->changed);
  EXPECT_EQ(again->message, removed->message);
  EXPECT_EQ(await(messages().edit({message.id, kAlice, "back"})).error(), StoreError::not_found);
  EXPECT_EQ(said("next").seq, 2U);
}

TEST_P(MessageStoreContract, APageIsTheNewestFirst) {
  said_many(5);
  const Seen newest = page(3);
  EXPECT_THAT(newest.seqs, ElementsAre(5, 4, 3));
  EXPECT_TRUE(newest.has_more);
  const Seen all = page(5);
  EXPECT_THAT(all.seqs, ElementsAre(5, 4, 3, 2, 1));
  EXPECT_FALSE(all.has_more);
}

TEST_P(MessageStoreContract, BeforeGivesThoseJustBelow) {
  said_many(6);
  const Seen middle = page(2, 5);
  EXPECT_THAT(middle.seqs, ElementsAre(4, 3));
  EXPECT_TRUE(middle.has_more);
  const Seen last = page(2, 3);
  EXPECT_THAT(last.seqs, ElementsAre(2, 1));
  EXPECT_FALSE(last.has_more);
  EXPECT_THAT(page(2, 1).seqs, IsEmpty());
  EXPECT_THAT(page(2, 0).seqs, IsEmpty());
}

TEST_P(MessageStoreContract, AfterGivesThoseJustAboveStillNewestFirst) {
  said_many(6);
  const Seen middle = page(2, {}, 2);
  EXPECT_THAT(middle.seqs, ElementsAre(4, 3));
  EXPECT_TRUE(middle.has_more);
  const Seen last = page(2, {}, 4);
  EXPECT_THAT(last.seqs, ElementsAre(6, 5));
  EXPECT_FALSE(last.has_more);
  EXPECT_THAT(page(2, {}, 6).seqs, IsEmpty());
  EXPECT_THAT(page(9, {}, 0).seqs, ElementsAre(6, 5, 4, 3, 2, 1));
  EXPECT_THAT(page(2, {}, ~std::uint64_t{0}).seqs, IsEmpty());
}

TEST_P(MessageStoreContract, BeforeAndAfterTogetherBoundThePage) {
  said_many(8);
  const Seen between = page(2, 7, 2);
  EXPECT_THAT(between.seqs, ElementsAre(4, 3));
  EXPECT_TRUE(between.has_more);
  EXPECT_THAT(page(9, 5, 2).seqs, ElementsAre(4, 3));
  EXPECT_FALSE(page(9, 5, 2).has_more);
}

TEST_P(MessageStoreContract, DeletedMessagesAreInNoPageAndDoNotCount) {
  said_many(2);
  const Message third = said("3");
  said("4");
  await(messages().remove(third.id, kAlice));
  const Seen down = page(2);
  EXPECT_THAT(down.seqs, ElementsAre(4, 2));
  EXPECT_TRUE(down.has_more);
  const Seen up = page(2, {}, 1);
  EXPECT_THAT(up.seqs, ElementsAre(4, 2));
  EXPECT_FALSE(up.has_more);
}

TEST_P(MessageStoreContract, AnUnknownChannelHasAnEmptyPage) {
  const Page found = await(messages().page({.channel = ChannelId("none")}));
  EXPECT_THAT(found.newest_first, IsEmpty());
  EXPECT_FALSE(found.has_more);
}

Task<std::vector<std::uint64_t>> append_in_turn(MessageStore& messages, int count) {
  std::vector<std::uint64_t> seqs;
  for (int i = 0; i < count; ++i) {
    NewMessage message{kGeneral, kAlice, "Alice", "hi", ""};
    const auto appended = co_await messages.append(std::move(message));
    seqs.push_back(appended->message.seq);
  }
  co_return seqs;
}

TEST_P(MessageStoreContract, AppendsFromSeveralShardsShareOneCountWithoutAGap) {
  constexpr int kEach = 40;
  std::vector<std::future<std::vector<std::uint64_t>>> running;
  for (std::size_t i = 0; i < 9; ++i) running.push_back(shards_.start(append_in_turn(messages(), kEach), i % 3));

  std::vector<std::uint64_t> all;
  for (auto& one : running) {
    const auto seqs = one.get();
    EXPECT_TRUE(std::is_sorted(seqs.begin(), seqs.end()));
    all.insert(all.end(), seqs.begin(), seqs.end());
  }
  std::sort(all.begin(), all.end());
  ASSERT_EQ(all.size(), 9U * kEach);
  for (std::size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i], i + 1);
  EXPECT_EQ(await(messages().counts(kGeneral)).last_seq, all.size());
}

}  // namespace

}  // namespace atrium::storage
