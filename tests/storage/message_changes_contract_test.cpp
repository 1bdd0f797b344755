#include <gmock/gmock.h>

#include "tests/storage/store_contract.h"

namespace atrium::storage {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const ChannelId kGeneral("general");
const UserId kAlice("alice");
const UserId kBob("bob");

class MessageChangesContract : public StoreContract {
 protected:
  MessageChangesContract() {
    given_workspace("default");
    given_channel("general");
    given_channel("random");
  }

  Message say(const std::string& content, const ChannelId& channel = kGeneral) {
    return await(messages().append({channel, kAlice, "Alice", content, ""}))->message;
  }
  void say_many(int count) {
    for (int i = 1; i <= count; ++i) say(std::to_string(i));
  }
  Message edit(const Message& message, const std::string& content) {
    return await(messages().edit({message.id, kAlice, content}))->message;
  }
  Message remove(const Message& message) { return await(messages().remove(message.id, kAlice))->message; }

  /// "content@mod_seq" of each.
  std::vector<std::string> told(const Changes& changes) {
    std::vector<std::string> told;
    for (const Message& message : changes.oldest_first) {
      told.push_back(message.content + "@" + std::to_string(message.mod_seq));
    }
    return told;
  }
  std::vector<std::uint64_t> around(std::uint64_t seq, std::size_t limit) {
    std::vector<std::uint64_t> seqs;
    for (const Message& message :
         await(messages().page({.channel = kGeneral, .around_seq = seq, .limit = limit})).newest_first) {
      seqs.push_back(message.seq);
    }
    return seqs;
  }
};
INSTANTIATE_TEST_SUITE_P(Databases, MessageChangesContract, kEveryKind, kind_of);

TEST_P(MessageChangesContract, EveryChangeOfAChannelIsCountedOnce) {
  const Message one = say("one");
  say("two");
  EXPECT_EQ(edit(one, "uno").mod_seq, 3U);
  EXPECT_EQ(remove(one).mod_seq, 4U);
  EXPECT_EQ(await(messages().counts(kGeneral)), (ChannelCounts{.last_seq = 2, .mod_seq = 4}));
  EXPECT_EQ(await(messages().find(one.id))->created_mod_seq, 1U);
  EXPECT_EQ(say("elsewhere", ChannelId("random")).mod_seq, 1U);
}

TEST_P(MessageChangesContract, WhatChangesNothingIsNotCounted) {
  const Message one = say("one");
  edit(one, "one");
  remove(one);
  remove(one);
  EXPECT_EQ(await(messages().append({ChannelId("none"), kAlice, "Alice", "lost", ""})).error(), StoreError::channel_not_found);
  EXPECT_EQ(await(messages().edit({one.id, kAlice, "back"})).error(), StoreError::not_found);
  EXPECT_EQ(await(messages().counts(kGeneral)).mod_seq, 2U);
}

TEST_P(MessageChangesContract, ChangesAreToldInTheirOrderEachMessageAtItsLast) {
  const Message one = say("one");
  const Message two = say("two");
  say("three");
  edit(one, "uno");
  remove(two);
  const Changes all = await(messages().changes(kGeneral, 0, 10));
  EXPECT_THAT(told(all), ElementsAre("three@3", "uno@4", "@5"));
  EXPECT_TRUE(all.oldest_first.back().deleted);
  EXPECT_EQ(all.now, (ChannelCounts{.last_seq = 3, .mod_seq = 5}));
  EXPECT_FALSE(all.has_more || all.too_old);
  EXPECT_THAT(told(await(messages().changes(kGeneral, 3, 10))), ElementsAre("uno@4", "@5"));
  EXPECT_THAT(told(await(messages().changes(kGeneral, 5, 10))), IsEmpty());
}

TEST_P(MessageChangesContract, ChangesComeInPartsThatAddUp) {
  say_many(5);
  const Changes first = await(messages().changes(kGeneral, 0, 3));
  EXPECT_THAT(told(first), ElementsAre("1@1", "2@2", "3@3"));
  EXPECT_TRUE(first.has_more);
  const Changes rest = await(messages().changes(kGeneral, first.oldest_first.back().mod_seq, 2));
  EXPECT_THAT(told(rest), ElementsAre("4@4", "5@5"));
  EXPECT_FALSE(rest.has_more);
}

TEST_P(MessageChangesContract, WhatIsYetToComeIsTooOldForItComesFromElsewhere) {
  say("one");
  EXPECT_TRUE(await(messages().changes(kGeneral, 2, 10)).too_old);
  EXPECT_FALSE(await(messages().changes(kGeneral, 1, 10)).too_old);
  EXPECT_FALSE(await(messages().changes(ChannelId("none"), 0, 10)).too_old);
}

TEST_P(MessageChangesContract, AnEditMadeForAnotherRevisionIsAConflict) {
  const Message one = say("one");
  EXPECT_EQ(await(messages().edit({.id = one.id, .author = kAlice, .content = "uno", .if_rev = 1}))->message.rev, 2U);
  EXPECT_EQ(await(messages().edit({.id = one.id, .author = kAlice, .content = "eins", .if_rev = 1})).error(),
            StoreError::rev_conflict);
  // Sent again after its answer was lost.
  EXPECT_FALSE(await(messages().edit({.id = one.id, .author = kAlice, .content = "uno", .if_rev = 1}))->changed);
  EXPECT_EQ(await(messages().find(one.id))->content, "uno");
}

TEST_P(MessageChangesContract, MentionsAreKeptAndGoWithTheContent) {
  const NewMessage sent{kGeneral, kAlice, "Alice", "@bob \"see\"", "c1", {kBob, UserId("o'\"hara")}};
  const Message message = await(messages().append(sent))->message;
  EXPECT_THAT(await(messages().find(message.id))->mentions, ElementsAre(kBob, UserId("o'\"hara")));
  await(messages().edit({.id = message.id, .author = kAlice, .content = "@alice", .mentions = {kAlice}}));
  EXPECT_THAT(await(messages().find(message.id))->mentions, ElementsAre(kAlice));
  remove(message);
  EXPECT_THAT(await(messages().find(message.id))->mentions, IsEmpty());
}

TEST_P(MessageChangesContract, AroundGivesThePlaceWithItsNeighbours) {
  say_many(9);
  EXPECT_THAT(around(5, 5), ElementsAre(7, 6, 5, 4, 3));
  EXPECT_THAT(around(5, 1), ElementsAre(5));
  EXPECT_THAT(around(9, 4), ElementsAre(9, 8, 7, 6));
  EXPECT_THAT(around(1, 4), ElementsAre(3, 2, 1));
  EXPECT_TRUE(await(messages().page({.channel = kGeneral, .around_seq = 5, .limit = 5})).has_more);
  EXPECT_FALSE(await(messages().page({.channel = kGeneral, .around_seq = 3, .limit = 6})).has_more);
}

TEST_P(MessageChangesContract, DeletedMessagesAreShownBlankWhereTheyAreAskedFor) {
  const Message one = say("one");
  say("two");
  remove(one);
  const Page page = await(messages().page({.channel = kGeneral, .include_deleted = true}));
  ASSERT_EQ(page.newest_first.size(), 2U);
  EXPECT_TRUE(page.newest_first.back().deleted);
  EXPECT_EQ(page.newest_first.back().content, "");
}

Task<void> append_and_note(MessageStore& messages, std::uint64_t& noted) {
  NewMessage message{kGeneral, kAlice, "Alice", "hi", ""};
  const auto appended = co_await messages.append(std::move(message));
  noted = appended->message.seq;
}

/// How often a read showed a message whose sender had not been answered, even after settle().
Task<int> read_ahead(MessageStore& messages, std::uint64_t rounds) {
  int ahead = 0;
  std::uint64_t noted = 0;
  for (std::uint64_t round = 1; round <= rounds; ++round) {
    spawn(append_and_note(messages, noted));
    ChannelCounts counts;
    while (counts.last_seq < round) counts = co_await messages.counts(kGeneral);
    co_await messages.settle();
    ahead += noted < round;
  }
  co_return ahead;
}

TEST_P(MessageChangesContract, OnceSettledWhatAReadShowedHasBeenAnswered) { EXPECT_EQ(await(read_ahead(messages(), 200)), 0); }

Task<void> edit_on(MessageStore& messages, MessageId id, bool& going, int& editing) {
  for (int i = 0; going; ++i) {
    ContentChange change{.id = id, .author = kAlice, .content = std::to_string(i)};
    co_await messages.edit(std::move(change));
  }
  --editing;
}

/// How often a message was not among the changes because it changed while they were read.
Task<int> overlook(MessageStore& messages, MessageId id, int rounds) {
  bool going = true;
  int editing = 1;
  spawn(edit_on(messages, id, going, editing));
  int overlooked = 0;
  for (int round = 0; round < rounds; ++round) {
    const Changes changes = co_await messages.changes(kGeneral, 0, 10);
    overlooked += changes.oldest_first.empty() || changes.oldest_first.back().mod_seq > changes.now.mod_seq;
  }
  going = false;
  while (editing > 0) co_await messages.settle();
  co_return overlooked;
}

TEST_P(MessageChangesContract, WhatChangesWhileItIsReadIsNotLeftOut) {
  const Message one = say("one");
  EXPECT_EQ(await(overlook(messages(), one.id, 300)), 0);
}

/// Ten thousand commits to a disk would show nothing more.
class ManyMessageChanges : public MessageChangesContract {};
INSTANTIATE_TEST_SUITE_P(Databases, ManyMessageChanges, testing::Values("memory:"), kind_of);

Task<std::uint64_t> edit_often(MessageStore& messages, MessageId id, std::uint64_t times) {
  std::uint64_t rev = 0;
  for (std::uint64_t i = 0; i < times; ++i) {
    ContentChange change{.id = id, .author = kAlice, .content = i % 2 ? "tick" : "tock"};
    const auto edited = co_await messages.edit(std::move(change));
    rev = edited->message.rev;
  }
  co_return rev;
}

TEST_P(ManyMessageChanges, AreTooOldAboveTenThousand) {
  const Message one = say("one");
  await(edit_often(messages(), one.id, MessageStore::kOldest));
  EXPECT_TRUE(await(messages().changes(kGeneral, 0, 10)).too_old);
  EXPECT_THAT(told(await(messages().changes(kGeneral, 1, 10))), ElementsAre("tick@10001"));
}

}  // namespace

}  // namespace atrium::storage
