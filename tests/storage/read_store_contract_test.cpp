#include <gmock/gmock.h>

#include <random>

#include "tests/storage/store_contract.h"

namespace atrium::storage {

namespace {

const ChannelId kGeneral("general");
const UserId kAlice("alice");
const UserId kBob("bob");

class ReadStoreContract : public StoreContract {
 protected:
  ReadStoreContract() {
    given_workspace("default");
    given_channel("general");
    given_channel("secret", ChannelType::private_);
    for (const char* id : {"alice", "bob", "carol"}) {
      given_user(id, id);
      await(workspaces().add_member(WorkspaceId("default"), UserId(id), Role::member));
    }
  }

  ReadStore& reads() { return database_->reads(); }
  Message say(const UserId& sender) { return await(messages().append({kGeneral, sender, sender.value, "hi", ""}))->message; }
  Marked mark(const UserId& user, std::uint64_t seq) { return *await(reads().mark(kGeneral, user, seq, 51)); }
  std::uint64_t unread(const UserId& user) { return await(reads().reading(kGeneral, user)).unread; }
};
INSTANTIATE_TEST_SUITE_P(Databases, ReadStoreContract, kEveryKind, kind_of);

TEST_P(ReadStoreContract, WhatOthersSaidIsUnreadUntilItIsMarked) {
  for (int i = 0; i < 3; ++i) say(kAlice);
  EXPECT_EQ(await(reads().reading(kGeneral, kBob)),
            (Reading{.now = {.last_seq = 3, .mod_seq = 3}, .read_seq = 0, .unread = 3}));
  EXPECT_EQ(unread(kAlice), 0U);
  const Marked marked = mark(kBob, 2);
  EXPECT_TRUE(marked.moved);
  EXPECT_EQ(marked.reading.read_seq, 2U);
  EXPECT_EQ(marked.reading.unread, 1U);
  EXPECT_EQ(unread(kBob), 1U);
}

TEST_P(ReadStoreContract, TheMarkerNeverMovesDown) {
  for (int i = 0; i < 3; ++i) say(kAlice);
  mark(kBob, 3);
  const Marked marked = mark(kBob, 1);
  EXPECT_FALSE(marked.moved);
  EXPECT_EQ(marked.reading.read_seq, 3U);
  EXPECT_FALSE(mark(kBob, 3).moved);
}

TEST_P(ReadStoreContract, TheMarkerStopsAtTheLastMessage) {
  EXPECT_FALSE(mark(kBob, 5).moved);
  say(kAlice);
  EXPECT_EQ(mark(kBob, ~std::uint64_t{0}).reading.read_seq, 1U);
  say(kAlice);
  EXPECT_EQ(unread(kBob), 1U);
}

TEST_P(ReadStoreContract, DeletedMessagesAreNotUnread) {
  const Message first = say(kAlice);
  const Message second = say(kAlice);
  const Message own = say(kBob);
  await(messages().remove(second.id, kAlice));
  await(messages().remove(own.id, kBob));
  EXPECT_EQ(unread(kBob), 1U);
  mark(kBob, first.seq);
  EXPECT_EQ(unread(kBob), 0U);
}

TEST_P(ReadStoreContract, MembersAreCountedAsFarAsAskedFor) {
  say(kAlice);
  say(kAlice);
  EXPECT_EQ(mark(kBob, 1).members, 3U);
  EXPECT_EQ(await(reads().mark(kGeneral, kBob, 2, 2))->members, 2U);
  await(messages().append({ChannelId("secret"), kAlice, "Alice", "psst", ""}));
  await(channels().add_member(ChannelId("secret"), kAlice));
  EXPECT_EQ(await(reads().mark(ChannelId("secret"), kAlice, 1, 51))->members, 1U);
}

TEST_P(ReadStoreContract, AnUnknownChannelHasNothingToRead) {
  EXPECT_EQ(await(reads().reading(ChannelId("none"), kBob)), Reading{});
  EXPECT_EQ(await(reads().mark(ChannelId("none"), kBob, 1, 51)).error(), StoreError::channel_not_found);
}

TEST_P(ReadStoreContract, UnreadIsWhatCountingWouldFindWhateverHappens) {
  std::mt19937 random(7);
  std::vector<Message> said;
  std::uint64_t marked = 0;
  const UserId users[] = {kAlice, kBob, UserId("carol")};
  for (int step = 0; step < 150; ++step) {
    const auto pick = random() % 10;
    if (pick < 6 || said.empty()) {
      said.push_back(say(users[random() % 3]));
    } else if (pick < 9) {
      Message& victim = said[random() % said.size()];
      victim = await(messages().remove(victim.id, victim.sender))->message;
    } else {
      marked = mark(kBob, random() % (said.size() + 1)).reading.read_seq;
    }
    std::uint64_t expected = 0;
    for (const Message& message : said) expected += message.seq > marked && message.sender != kBob && !message.deleted;
    ASSERT_EQ(unread(kBob), expected) << "after step " << step;
  }
}

class ReadersCalledContract : public ReadStoreContract {
 protected:
  std::vector<std::string> called(const std::string& channel, std::vector<std::string> names) {
    std::vector<std::string> found;
    for (const Called& one : await(channels().readers_called(ChannelId(channel), std::move(names)))) {
      found.push_back(one.name + "=" + one.user.value);
    }
    return found;
  }
};
INSTANTIATE_TEST_SUITE_P(Databases, ReadersCalledContract, kEveryKind, kind_of);

TEST_P(ReadersCalledContract, AMemberIsFoundByNameInAnyCaseAndById) {
  given_user("u1", "Dora Maar");
  await(workspaces().add_member(WorkspaceId("default"), UserId("u1"), Role::member));
  EXPECT_THAT(called("general", {"dora maar", "u1", "Alice", "nobody"}),
              testing::ElementsAre("dora maar=u1", "u1=u1", "Alice=alice"));
}

TEST_P(ReadersCalledContract, WhoMayNotReadTheChannelIsNotFound) {
  given_user("mallory", "Mallory");
  EXPECT_THAT(called("general", {"mallory"}), testing::IsEmpty());
  EXPECT_THAT(called("secret", {"alice"}), testing::IsEmpty());
  await(channels().add_member(ChannelId("secret"), kAlice));
  EXPECT_THAT(called("secret", {"alice", "bob"}), testing::ElementsAre("alice=alice"));
}

TEST_P(ReadersCalledContract, NamesakesAreFoundUpToABound) {
  for (int i = 0; i < 15; ++i) {
    const std::string id = "double" + std::to_string(i);
    given_user(id, "Sam");
    await(workspaces().add_member(WorkspaceId("default"), UserId(id), Role::member));
  }
  EXPECT_EQ(called("general", {"sam"}).size(), ChannelStore::kNamesakes);
}

}  // namespace

}  // namespace atrium::storage
