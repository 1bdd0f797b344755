#include "chat/messages/message_order.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <random>

namespace atrium::chat {
namespace {

using storage::UserId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Item = MessageOrder::Item;
using Kind = MessageFrame::Kind;
using Places = std::vector<std::uint64_t>;

MessageFrame frame(std::uint64_t mod_seq, Kind kind = Kind::created) {
  return {.kind = kind, .seq = mod_seq, .mod_seq = mod_seq, .event = {}, .episode = {}};
}
Item item(std::uint64_t mod_seq) { return {.frame = frame(mod_seq)}; }
std::vector<MessageFrame> frames(const Places& places) {
  std::vector<MessageFrame> frames;
  for (const std::uint64_t place : places) frames.push_back(frame(place));
  return frames;
}
/// `first`, ..., `last`
Places from_to(std::uint64_t first, std::uint64_t last) {
  Places places(last + 1 - first);
  std::iota(places.begin(), places.end(), first);
  return places;
}
Places places(const std::vector<Item>& items) {
  Places places;
  for (const Item& item : items) places.push_back(item.frame.mod_seq);
  return places;
}

// What is told is told by its places.
class MessageOrderTest : public ::testing::Test {
 protected:
  Places begin(std::uint64_t mod_seq) { return places(order.begin(mod_seq)); }
  Places take(std::uint64_t mod_seq) { return places(order.take(item(mod_seq))); }
  Places fill(const Places& known, std::uint64_t mod_seq) { return places(order.fill(frames(known), mod_seq)); }

  MessageOrder order;
};

// --- in order

TEST_F(MessageOrderTest, TellsAtOnceWhatComesInOrder) {
  EXPECT_THAT(begin(0), IsEmpty());
  EXPECT_THAT(take(1), ElementsAre(1u));
  EXPECT_THAT(take(2), ElementsAre(2u));
  EXPECT_EQ(order.last(), 2u);
  EXPECT_FALSE(order.has_gap());
}

TEST_F(MessageOrderTest, KeepsWhatComesTooEarlyUntilWhatIsMissingHasCome) {
  begin(10);
  EXPECT_THAT(take(13), IsEmpty());
  EXPECT_THAT(take(12), IsEmpty());
  EXPECT_TRUE(order.has_gap());
  EXPECT_EQ(order.last(), 10u);
  EXPECT_THAT(take(11), ElementsAre(11u, 12u, 13u));
  EXPECT_FALSE(order.has_gap());
  EXPECT_EQ(order.last(), 13u);
}

TEST_F(MessageOrderTest, TellsUpToTheNextGap) {
  begin(0);
  take(2);
  take(4);
  EXPECT_THAT(take(1), ElementsAre(1u, 2u));
  EXPECT_TRUE(order.has_gap());
  EXPECT_THAT(take(3), ElementsAre(3u, 4u));
  EXPECT_FALSE(order.has_gap());
}

TEST_F(MessageOrderTest, TellsNothingTwice) {
  begin(5);
  EXPECT_THAT(take(5), IsEmpty()) << "whoever joins knows it";
  EXPECT_THAT(take(6), ElementsAre(6u));
  EXPECT_THAT(take(6), IsEmpty());
  EXPECT_THAT(take(8), IsEmpty());
  EXPECT_THAT(take(8), IsEmpty());
  EXPECT_THAT(take(7), ElementsAre(7u, 8u));
  EXPECT_THAT(take(8), IsEmpty());
  EXPECT_FALSE(order.has_gap()) << "what is late is not kept";
}

TEST_F(MessageOrderTest, KnowsWhatIsLate) {
  EXPECT_FALSE(order.is_late(frame(1))) << "nobody has said what is known";
  begin(5);
  EXPECT_TRUE(order.is_late(frame(4)));
  EXPECT_TRUE(order.is_late(frame(5)));
  EXPECT_FALSE(order.is_late(frame(6)));
  take(7);
  EXPECT_FALSE(order.is_late(frame(7))) << "it is kept, not told";
  take(6);
  EXPECT_TRUE(order.is_late(frame(7)));
}

TEST_F(MessageOrderTest, HandsOverWhatCameAsItCame) {
  begin(0);
  order.take({.frame = frame(2, Kind::edited), .from = "a1", .typist = UserId("alice")});
  const auto told = order.take({.frame = frame(1, Kind::deleted), .from = "b1", .typist = UserId("bob")});
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].frame.kind, Kind::deleted);
  EXPECT_EQ(told[0].from, "b1");
  EXPECT_EQ(told[0].typist, UserId("bob"));
  EXPECT_EQ(told[1].frame.kind, Kind::edited);
  EXPECT_EQ(told[1].from, "a1");
  EXPECT_EQ(told[1].typist, UserId("alice"));
}

// --- the beginning

TEST_F(MessageOrderTest, KeepsEverythingUntilItIsSaidWhatIsKnown) {
  EXPECT_FALSE(order.begun());
  EXPECT_THAT(take(1), IsEmpty());
  EXPECT_THAT(take(4), IsEmpty());
  EXPECT_THAT(take(5), IsEmpty());
  EXPECT_THAT(take(3), IsEmpty());
  EXPECT_FALSE(order.has_gap()) << "nothing can be said to be missing";
  EXPECT_THAT(begin(3), ElementsAre(4u, 5u));
  EXPECT_TRUE(order.begun());
  EXPECT_EQ(order.last(), 5u);
  EXPECT_FALSE(order.has_gap());
}

TEST_F(MessageOrderTest, BeginsWithAGapWhenWhatIsKeptIsNotTheNext) {
  take(6);
  EXPECT_THAT(begin(3), IsEmpty());
  EXPECT_TRUE(order.has_gap());
  take(4);
  EXPECT_THAT(take(5), ElementsAre(5u, 6u));
}

TEST_F(MessageOrderTest, BeginsWithNothingWhenAllThatIsKeptIsKnown) {
  take(2);
  take(3);
  EXPECT_THAT(begin(3), IsEmpty());
  EXPECT_FALSE(order.has_gap());
  EXPECT_THAT(take(4), ElementsAre(4u));
}

TEST_F(MessageOrderTest, BeginsWithWhatComesFirstWhenNobodyCanSayWhatIsKnown) {
  order.begin_anywhere();
  EXPECT_FALSE(order.begun());
  EXPECT_THAT(take(7), ElementsAre(7u));
  EXPECT_TRUE(order.begun());
  EXPECT_THAT(take(6), IsEmpty()) << "it is known";
  EXPECT_THAT(take(9), IsEmpty());
  EXPECT_TRUE(order.has_gap()) << "from there on nothing is left out";
  EXPECT_THAT(take(8), ElementsAre(8u, 9u));
}

TEST_F(MessageOrderTest, BeginsWithWhatIsKeptWhenNobodyCanSayWhatIsKnown) {
  take(7);
  EXPECT_EQ(order.begin_anywhere().size(), 1u);
  EXPECT_EQ(order.last(), 7u);
  EXPECT_THAT(take(8), ElementsAre(8u));
}

TEST_F(MessageOrderTest, GoesOnFromWhereItIsThoughItMayBeginAnywhere) {
  begin(3);
  order.begin_anywhere();
  EXPECT_THAT(take(5), IsEmpty());
  EXPECT_THAT(take(4), ElementsAre(4u, 5u));
}

// --- filling

TEST_F(MessageOrderTest, TellsWhatTheDatabaseKnowsOfAGap) {
  begin(1);
  take(4);
  EXPECT_THAT(fill({2, 3, 4}, 4), ElementsAre(2u, 3u, 4u));
  EXPECT_FALSE(order.has_gap());
  EXPECT_THAT(take(3), IsEmpty()) << "it has been told already";
  EXPECT_THAT(take(5), ElementsAre(5u));
}

TEST_F(MessageOrderTest, TellsInOrderWhateverTheOrderInWhichTheDatabaseIsRead) {
  begin(0);
  EXPECT_THAT(fill({3, 1, 2}, 3), ElementsAre(1u, 2u, 3u));
}

TEST_F(MessageOrderTest, GoesOnAfterAFillWithWhatIsKept) {
  begin(1);
  for (const std::uint64_t place : {4, 5, 7}) take(place);
  EXPECT_THAT(fill({2, 3}, 3), ElementsAre(2u, 3u, 4u, 5u));
  EXPECT_TRUE(order.has_gap()) << "6 is missing still";
  EXPECT_EQ(order.last(), 5u);
}

TEST_F(MessageOrderTest, TellsOfWhatIsKeptAndReadWhatCameWithIt) {
  begin(0);
  order.take({.frame = frame(2), .from = "a1", .typist = UserId("alice")});
  const auto told = order.fill(frames({1, 2, 3}), 3);
  EXPECT_THAT(places(told), ElementsAre(1u, 2u, 3u));
  EXPECT_EQ(told.at(0).from, "");
  EXPECT_EQ(told.at(1).from, "a1");
  EXPECT_EQ(told.at(1).typist, UserId("alice"));
  EXPECT_EQ(told.at(2).typist, UserId());
}

TEST_F(MessageOrderTest, TakesForToldWhatTheDatabaseKnowsNoMore) {
  begin(0);
  EXPECT_THAT(fill({2, 5}, 6), ElementsAre(2u, 5u)) << "the steps between were those of messages that have changed again";
  EXPECT_EQ(order.last(), 6u);
  EXPECT_FALSE(order.has_gap());
  EXPECT_THAT(take(4), IsEmpty());
  EXPECT_THAT(take(6), IsEmpty());
  EXPECT_THAT(take(7), ElementsAre(7u));
}

TEST_F(MessageOrderTest, TellsOfAFillOnlyWhatIsNewAndAsked) {
  begin(3);
  EXPECT_THAT(fill({2, 3, 4, 5, 6}, 5), ElementsAre(4u, 5u));
  EXPECT_THAT(take(6), ElementsAre(6u));
}

TEST_F(MessageOrderTest, TellsNothingOfAFillThatComesTooLate) {
  begin(0);
  for (const std::uint64_t place : {1, 2, 3}) take(place);
  EXPECT_THAT(fill({1, 2}, 2), IsEmpty());
  EXPECT_EQ(order.last(), 3u) << "it does not go back";
  EXPECT_THAT(take(3), IsEmpty());
  EXPECT_THAT(take(4), ElementsAre(4u));
}

TEST_F(MessageOrderTest, IsFilledPartByPart) {
  begin(0);
  take(9);
  EXPECT_THAT(fill({1, 2, 3, 4}, 4), ElementsAre(1u, 2u, 3u, 4u));
  EXPECT_TRUE(order.has_gap());
  EXPECT_THAT(fill({5, 6, 7, 8}, 8), ElementsAre(5u, 6u, 7u, 8u, 9u));
  EXPECT_FALSE(order.has_gap());
}

// A message that is deleted before a gap is filled: the database knows only of the deletion. What was kept of it ends the
// typing of its sender, and is told to its sender.
TEST_F(MessageOrderTest, LeavesOutNothingThatHasCome) {
  begin(0);
  order.take({.frame = frame(2), .from = "a1", .typist = UserId("alice")});
  EXPECT_THAT(places(order.fill({frame(1), frame(3, Kind::deleted)}, 3)), ElementsAre(1u, 2u, 3u));
}

// --- doubt

TEST_F(MessageOrderTest, HasAGapWhenSomethingMayHaveBeenSaidThatHasNotCome) {
  begin(0);
  take(1);
  EXPECT_FALSE(order.doubted());
  order.doubt();
  EXPECT_TRUE(order.doubted());
  EXPECT_TRUE(order.has_gap());
  EXPECT_THAT(take(2), ElementsAre(2u)) << "the next is told all the same";
  EXPECT_TRUE(order.has_gap()) << "until the database was asked";
  EXPECT_THAT(fill({}, 2), IsEmpty());
  EXPECT_FALSE(order.doubted());
  EXPECT_FALSE(order.has_gap());
}

TEST_F(MessageOrderTest, TellsWhatWasMissedWithoutATrace) {
  begin(4);
  order.doubt();
  EXPECT_THAT(fill({5, 6}, 6), ElementsAre(5u, 6u));
  EXPECT_FALSE(order.has_gap());
}

TEST_F(MessageOrderTest, DoubtsFromTheBeginning) {
  order.doubt();
  EXPECT_FALSE(order.has_gap()) << "nothing can be said to be missing";
  begin(4);
  EXPECT_TRUE(order.has_gap());
  fill({}, 4);
  EXPECT_FALSE(order.has_gap());
}

// --- typists

TEST_F(MessageOrderTest, WaitsForThoseWhoseTypingEndsWithWhatIsKept) {
  begin(0);
  const auto said = [](std::uint64_t mod_seq, const char* user) {
    return Item{.frame = frame(mod_seq), .from = {}, .typist = UserId(user)};
  };
  order.take(said(2, "alice"));
  order.take(said(4, "bob"));
  EXPECT_TRUE(order.waits_for(UserId("alice")));
  EXPECT_TRUE(order.waits_for(UserId("bob")));
  EXPECT_FALSE(order.waits_for(UserId("carol")));
  order.take(said(1, "carol"));
  EXPECT_FALSE(order.waits_for(UserId("alice"))) << "that has been told";
  EXPECT_FALSE(order.waits_for(UserId("carol"))) << "nothing was kept of it";
  EXPECT_TRUE(order.waits_for(UserId("bob")));
  order.fill(frames({3, 4}), 4);
  EXPECT_FALSE(order.waits_for(UserId("bob")));
}

TEST_F(MessageOrderTest, WaitsForATypistWhileNobodyHasSaidWhatIsKnown) {
  order.take({.frame = frame(3), .from = {}, .typist = UserId("alice")});
  EXPECT_TRUE(order.waits_for(UserId("alice")));
  begin(3);
  EXPECT_FALSE(order.waits_for(UserId("alice")));
}

// --- whatever happens

/// One node: what it was told, and what it tells.
class Node {
 public:
  explicit Node(std::mt19937& random) : random_(random) {}

  void post(std::uint64_t place) { on_the_way_.push_back(place); }
  bool idle() const { return on_the_way_.empty(); }
  /// One of those comes, one comes twice, or one is lost.
  void deliver() {
    if (idle()) return;
    const std::size_t which = random_() % on_the_way_.size();
    const auto what = random_() % 8;
    const std::uint64_t place = on_the_way_[which];
    if (what != 0) on_the_way_.erase(on_the_way_.begin() + static_cast<std::ptrdiff_t>(which));
    if (what != 1) tell(order.take(item(place)));
  }
  void tell(const std::vector<Item>& items) {
    for (const std::uint64_t place : places(items)) told.push_back(place);
  }

  MessageOrder order;
  Places told;

 private:
  std::mt19937& random_;
  Places on_the_way_;
};

TEST(MessageOrderAtRandom, TellsEveryStepOnceAndInOrderOnEachNode) {
  constexpr std::uint64_t kSteps = 60;
  for (unsigned seed = 0; seed < 500; ++seed) {
    std::mt19937 random(seed);
    Node nodes[] = {Node(random), Node(random)};
    std::uint64_t begun_at[] = {0, 0};
    std::uint64_t stored = 0;  // the database knows 1, 2, ..., stored
    const auto fill = [&](Node& node) {
      const std::uint64_t since = node.order.last();
      const std::uint64_t up_to = since + (stored > since ? random() % (stored - since) + 1 : 0);
      node.tell(node.order.fill(frames(from_to(since + 1, up_to)), up_to));
    };
    while (stored < kSteps || !nodes[0].idle() || !nodes[1].idle()) {
      const std::size_t which = random() % 2;
      Node& node = nodes[which];
      switch (random() % 6) {
        case 0:
        case 1:
          if (stored == kSteps) break;
          ++stored;
          for (Node& each : nodes) each.post(stored);
          break;
        case 2:
          if (!node.order.begun()) {
            begun_at[which] = stored;
            node.tell(node.order.begin(stored));
          } else if (node.order.has_gap()) {
            fill(node);
          }
          break;
        default:
          node.deliver();
      }
    }
    for (const std::size_t which : {0, 1}) {
      Node& node = nodes[which];
      if (!node.order.begun()) {
        begun_at[which] = stored;
        node.tell(node.order.begin(stored));
      }
      // The last may have been lost without a trace.
      node.order.doubt();
      while (node.order.has_gap() || node.order.last() < stored) fill(node);
      ASSERT_EQ(node.told, from_to(begun_at[which] + 1, kSteps)) << "seed " << seed << ", node " << which;
    }
  }
}

/// A message as the database has it: when it came, and its last change.
struct Stored {
  std::uint64_t created = 0;
  std::uint64_t changed = 0;
};

TEST(MessageOrderAtRandom, TellsInOrderWhatStandsThoughTheDatabaseForgetsWhatChangedAgain) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    std::mt19937 random(seed);
    Node node(random);
    node.tell(node.order.begin(0));
    std::vector<Stored> messages;
    std::uint64_t stored = 0;
    const auto fill = [&] {
      Places known;
      for (const Stored& message : messages) {
        if (message.created > node.order.last()) known.push_back(message.created);
        if (message.changed > node.order.last()) known.push_back(message.changed);
      }
      node.tell(node.order.fill(frames(known), stored));
    };
    while (stored < 60 || !node.idle()) {
      const auto what = random() % 4;
      if (what == 0 && stored < 60) {
        node.post(++stored);
        if (messages.empty() || random() % 2 == 0) {
          messages.push_back({.created = stored});
        } else {
          messages[random() % messages.size()].changed = stored;
        }
      } else if (what == 1 && node.order.has_gap()) {
        fill();
      } else {
        node.deliver();
      }
    }
    node.order.doubt();
    fill();
    ASSERT_FALSE(node.order.has_gap());
    const auto wrong = std::adjacent_find(node.told.begin(), node.told.end(), std::greater_equal<>());
    ASSERT_EQ(wrong, node.told.end()) << "something twice or out of order, seed " << seed;
    const auto has = [&](std::uint64_t place) { return std::binary_search(node.told.begin(), node.told.end(), place); };
    for (const Stored& message : messages) {
      ASSERT_TRUE(has(message.created)) << "seed " << seed;
      ASSERT_TRUE(message.changed == 0 || has(message.changed)) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace atrium::chat
