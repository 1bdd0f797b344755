#include "chat/nodes/peer_line.h"

#include <gmock/gmock.h>

namespace atrium::chat {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Numbers = std::vector<std::uint64_t>;

// What is acted on is told by the numbers of its envelopes.
class PeerLineTest : public ::testing::Test {
 protected:
  static PeerLine::Envelope envelope(std::uint64_t number) { return {.number = number, .facts = {json::value(number)}}; }
  static Numbers numbers(const std::vector<json::array>& now) {
    Numbers numbers;
    for (const json::array& facts : now) {
      EXPECT_EQ(facts.size(), 1u);
      numbers.push_back(facts.front().to_number<std::uint64_t>());
    }
    return numbers;
  }
  Numbers hear(std::uint64_t number) { return numbers(line.hear(envelope(number))); }
  Numbers stand(std::uint64_t number) { return numbers(line.stand(number).after); }
  /// Hears so much, all of it in order.
  void hear_up_to(std::uint64_t number) {
    for (std::uint64_t next = line.heard() + 1; next <= number; ++next) EXPECT_THAT(hear(next), ElementsAre(next));
  }

  PeerLine line;
};

TEST_F(PeerLineTest, ActsAtOnceOnWhatComesInOrder) {
  EXPECT_TRUE(line.whole()) << "nothing was said, so nothing is missing";
  EXPECT_EQ(line.heard(), 0u);
  EXPECT_THAT(hear(1), ElementsAre(1u));
  EXPECT_THAT(hear(2), ElementsAre(2u));
  EXPECT_THAT(hear(3), ElementsAre(3u));
  EXPECT_TRUE(line.whole());
  EXPECT_EQ(line.heard(), 3u);
}

TEST_F(PeerLineTest, HandsOverAllFactsOfAnEnvelope) {
  const json::array facts{json::array{"gone", "alice"}, json::array{"gone", "bob"}};
  EXPECT_THAT(line.hear({.number = 1, .facts = facts}), ElementsAre(facts));
}

TEST_F(PeerLineTest, ActsOnceOnWhatIsRepeated) {
  hear_up_to(3);
  EXPECT_THAT(hear(3), IsEmpty());
  EXPECT_THAT(hear(1), IsEmpty());
  EXPECT_TRUE(line.whole());
  EXPECT_EQ(line.heard(), 3u);
  EXPECT_THAT(hear(4), ElementsAre(4u));
}

TEST_F(PeerLineTest, ActsOnNothingAfterAGap) {
  hear_up_to(2);
  EXPECT_THAT(hear(4), IsEmpty());
  EXPECT_FALSE(line.whole());
  EXPECT_EQ(line.heard(), 2u);
  EXPECT_THAT(hear(5), IsEmpty());
  EXPECT_THAT(hear(3), IsEmpty()) << "it comes late, and how things stand is asked for already";
  EXPECT_FALSE(line.whole());
}

TEST_F(PeerLineTest, MissesWhatWasSaidBeforeItListened) {
  EXPECT_THAT(hear(7), IsEmpty());
  EXPECT_FALSE(line.whole());
  EXPECT_THAT(stand(7), IsEmpty());
  EXPECT_THAT(hear(8), ElementsAre(8u));
}

TEST_F(PeerLineTest, ActsOnWhatHasWaitedAfterHowThingsStand) {
  hear_up_to(2);
  for (const std::uint64_t number : {4, 5, 6, 7}) hear(number);
  EXPECT_THAT(stand(5), ElementsAre(6u, 7u)) << "what came before is part of how things stand";
  EXPECT_TRUE(line.whole());
  EXPECT_EQ(line.heard(), 7u);
  EXPECT_THAT(hear(8), ElementsAre(8u));
}

TEST_F(PeerLineTest, KeepsNothingOfWhatItHasActedOn) {
  for (const std::uint64_t number : {2, 3}) hear(number);
  EXPECT_THAT(stand(1), ElementsAre(2u, 3u));
  line.break_off();
  EXPECT_THAT(stand(3), IsEmpty());
}

TEST_F(PeerLineTest, ActsOnceOnWhatIsRepeatedWhileItWaits) {
  hear_up_to(1);
  for (const std::uint64_t number : {3, 3, 4, 4, 3}) hear(number);
  EXPECT_THAT(stand(2), ElementsAre(3u, 4u));
  EXPECT_TRUE(line.whole());
}

TEST_F(PeerLineTest, IsNotWholeWhenThereIsAGapInWhatHasWaited) {
  for (const std::uint64_t number : {2, 3, 5, 6}) hear(number);
  EXPECT_THAT(stand(1), ElementsAre(2u, 3u));
  EXPECT_FALSE(line.whole());
  EXPECT_EQ(line.heard(), 3u);
  EXPECT_THAT(stand(5), ElementsAre(6u)) << "what comes after the gap goes on waiting";
  EXPECT_TRUE(line.whole());
}

TEST_F(PeerLineTest, IsNotWholeWhenTheNodeHasSaidMoreThanWasHeard) {
  hear_up_to(2);
  line.expect(2);
  EXPECT_TRUE(line.whole());
  line.expect(1);
  EXPECT_TRUE(line.whole());
  line.expect(3);
  EXPECT_FALSE(line.whole());
  EXPECT_EQ(line.heard(), 2u);
  EXPECT_THAT(hear(3), IsEmpty());
  EXPECT_THAT(stand(3), IsEmpty());
  EXPECT_TRUE(line.whole());
  EXPECT_THAT(hear(4), ElementsAre(4u));
}

TEST_F(PeerLineTest, ExpectsNothingOfANodeThatHasSaidNothing) {
  line.expect(0);
  EXPECT_TRUE(line.whole());
  EXPECT_THAT(hear(1), ElementsAre(1u));
}

TEST_F(PeerLineTest, WaitsWhenSomethingMayHaveBeenLost) {
  hear_up_to(2);
  line.break_off();
  EXPECT_FALSE(line.whole());
  EXPECT_THAT(hear(3), IsEmpty()) << "though it is the next";
  EXPECT_FALSE(line.whole());
  EXPECT_THAT(stand(2), ElementsAre(3u));
  EXPECT_TRUE(line.whole());
}

TEST_F(PeerLineTest, TakesHowThingsStandThoughNothingIsMissing) {
  hear_up_to(2);
  EXPECT_THAT(stand(5), IsEmpty());
  EXPECT_TRUE(line.whole());
  EXPECT_EQ(line.heard(), 5u);
  EXPECT_THAT(hear(4), IsEmpty());
  EXPECT_THAT(hear(6), ElementsAre(6u));
}

// What comes in messages, not in how things stand, must not be left out.
TEST_F(PeerLineTest, ActsFirstOnWhatHasWaitedThatHowThingsStandCovers) {
  hear_up_to(2);
  for (const std::uint64_t number : {4, 5, 6}) hear(number);
  const auto standing = line.stand(5);
  EXPECT_THAT(numbers(standing.before), ElementsAre(4u, 5u));
  EXPECT_THAT(numbers(standing.after), ElementsAre(6u));
  EXPECT_TRUE(standing.lost) << "3 has not come";
}

TEST_F(PeerLineTest, LosesNothingWhenAllHasWaited) {
  hear_up_to(2);
  line.break_off();
  for (const std::uint64_t number : {3, 4}) hear(number);
  const auto standing = line.stand(4);
  EXPECT_THAT(numbers(standing.before), ElementsAre(3u, 4u));
  EXPECT_FALSE(standing.lost);
}

TEST_F(PeerLineTest, LosesWhatHasNotComeBeforeThingsStood) {
  hear_up_to(2);
  EXPECT_TRUE(line.stand(3).lost);
  EXPECT_FALSE(line.stand(3).lost);
}

// Two envelopes were lost after the node had begun to say how things stand.
TEST_F(PeerLineTest, IsNotWholeWhenThingsStoodSoBeforeTheNodeSaidMore) {
  hear_up_to(2);
  line.expect(7);
  EXPECT_THAT(stand(5), IsEmpty());
  EXPECT_FALSE(line.whole()) << "6 and 7 were not heard";
}

TEST_F(PeerLineTest, LetsSoManyWaitAndNoMore) {
  for (std::uint64_t number = 2; number < 2 + PeerLine::kWaiting; ++number) hear(number);
  const Numbers all = stand(1);
  ASSERT_EQ(all.size(), PeerLine::kWaiting);
  EXPECT_EQ(all.front(), 2u);
  EXPECT_EQ(all.back(), 1 + PeerLine::kWaiting);
  EXPECT_TRUE(line.whole());
}

TEST_F(PeerLineTest, AsksAgainWhenTheOldestOfTooManyAreMissed) {
  constexpr std::uint64_t kLast = 2 + PeerLine::kWaiting;  // one too many, so the second envelope is gone
  for (std::uint64_t number = 2; number <= kLast; ++number) hear(number);
  EXPECT_THAT(stand(1), IsEmpty());
  EXPECT_FALSE(line.whole());
  EXPECT_EQ(stand(2).size(), PeerLine::kWaiting) << "the newest have waited all the same";
  EXPECT_TRUE(line.whole());
  EXPECT_EQ(line.heard(), kLast);
}

}  // namespace
}  // namespace atrium::chat
