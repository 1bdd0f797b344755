// What a shard remembers of what it said: pure, no shards, no sockets.
#include "socketio/recovery_log.h"

#include <gmock/gmock.h>

#include "tests/support/manual_clock.h"

namespace atrium::socketio {
namespace {

using namespace std::chrono_literals;
using engineio::SharedMessage;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

constexpr std::size_t kPlenty = 1'000'000;

/// The log of one of two shards. Origins 0 and 2 are what these say to everybody, 1 and 3 what they say to single sockets; 5
/// and more are other servers.
class RecoveryLogTest : public ::testing::Test {
 protected:
  explicit RecoveryLogTest(std::size_t max_octets = kPlenty) : log(2, {.max_age = 60s, .max_octets = max_octets}) {}

  RecoveryLog::Position append(std::uint32_t origin, std::uint64_t number, Audience audience = {}) {
    return log.append({origin, number}, std::make_shared<const Audience>(std::move(audience)),
                      SharedMessage::message(std::to_string(origin) + "." + std::to_string(number)), clock.now());
  }
  /// What was volatile.
  RecoveryLog::Position append_place(std::uint32_t origin, std::uint64_t number) {
    return log.append({origin, number}, std::make_shared<const Audience>(), nullptr, clock.now());
  }
  static std::vector<std::string> texts(const std::vector<RecoveryLog::Item>& items) {
    std::vector<std::string> texts;
    for (const auto& item : items) texts.emplace_back(item.message->polling_payload().substr(1));
    return texts;
  }
  std::vector<std::string> collected(RecoveryLog::Position from, const std::vector<std::string>& rooms = {"me"}) const {
    return texts(log.collect(from, rooms));
  }
  std::vector<std::string> unseen(const RecoveryLog::Seen& seen, const std::vector<std::string>& rooms = {"me"}) const {
    const auto items = log.collect_unseen(seen, rooms);
    return items ? texts(*items) : std::vector<std::string>{"unknown"};
  }

  std::vector<std::string> unheard(const RecoveryLog::Seen& seen, const std::vector<std::string>& rooms = {"me"}) const {
    const auto items = log.collect_unheard(seen, rooms, clock.now());
    return items ? texts(*items) : std::vector<std::string>{"unknown"};
  }

  test::ManualClock clock;
  RecoveryLog log;
};

TEST_F(RecoveryLogTest, GivesEachShardTwoOriginsOfItsOwn) {
  EXPECT_EQ(RecoveryLog::broadcasts_of(0), 0u);
  EXPECT_EQ(RecoveryLog::whispers_of(0), 1u);
  EXPECT_EQ(RecoveryLog::broadcasts_of(1), 2u);
  EXPECT_EQ(RecoveryLog::whispers_of(1), 3u);
}

TEST_F(RecoveryLogTest, CountsPositionsFromOneSoThatZeroIsBeforeEverything) {
  EXPECT_EQ(log.begin(), 1u);
  EXPECT_EQ(log.end(), 1u);
  EXPECT_EQ(append(0, 5), 1u);
  EXPECT_EQ(append(2, 9), 2u);
  EXPECT_EQ(log.begin(), 1u);
  EXPECT_EQ(log.end(), 3u);
  EXPECT_THAT(collected(0), ElementsAre("0.5", "2.9"));
  EXPECT_THAT(collected(2), ElementsAre("2.9"));
  EXPECT_THAT(collected(3), IsEmpty());
}

TEST_F(RecoveryLogTest, KnowsWhereToGoOnAfterAnEvent) {
  append(0, 5);
  append(2, 5);
  append(0, 8);
  EXPECT_THAT(log.after({0, 5}), Optional(2u));
  EXPECT_THAT(log.after({2, 5}), Optional(3u));
  EXPECT_THAT(log.after({0, 8}), Optional(4u));
}

TEST_F(RecoveryLogTest, TellsWhatIsTooOldFromWhatItNeverHeardOf) {
  append(0, 5);
  append(0, 8);
  EXPECT_THAT(log.after({0, 4}), Optional(0u)) << "that was before what is kept";
  EXPECT_EQ(log.after({0, 6}), std::nullopt) << "between two that are kept there was none";
  EXPECT_EQ(log.after({0, 9}), std::nullopt) << "that is still to come";
  EXPECT_EQ(log.after({2, 1}), std::nullopt) << "that shard has not spoken";
  EXPECT_EQ(log.after({4, 1}), std::nullopt) << "there is no such origin";
  EXPECT_EQ(log.after({~0u, ~0ull}), std::nullopt);
}

TEST_F(RecoveryLogTest, RemembersThePlaceOfWhatIsToldToNobodyAgain) {
  append(0, 1);
  append_place(0, 2);
  append(0, 3);
  EXPECT_THAT(log.after({0, 2}), Optional(3u));
  EXPECT_THAT(collected(0), ElementsAre("0.1", "0.3"));
}

TEST_F(RecoveryLogTest, TellsEachWhatWasForItsRooms) {
  append(0, 1);
  append(0, 2, {.rooms = {"red"}, .except = {}});
  append(0, 3, {.rooms = {"red", "blue"}, .except = {}});
  append(0, 4, {.rooms = {}, .except = {"blue"}});
  append(0, 5, {.rooms = {"red"}, .except = {"me"}});
  append(0, 6, {.rooms = {"me"}, .except = {}});
  EXPECT_THAT(collected(0, {"me"}), ElementsAre("0.1", "0.4", "0.6"));
  EXPECT_THAT(collected(0, {"red", "other"}), ElementsAre("0.1", "0.2", "0.3", "0.4", "0.5"));
  EXPECT_THAT(collected(0, {"red", "blue", "me"}), ElementsAre("0.1", "0.2", "0.3", "0.6"));
  EXPECT_THAT(collected(0, {}), ElementsAre("0.1", "0.4"));
}

TEST_F(RecoveryLogTest, ForgetsWhatIsTooOld) {
  append(0, 1);
  clock.advance(40s);
  append(2, 1);
  clock.advance(20s);
  log.expire(clock.now());
  EXPECT_THAT(collected(0), ElementsAre("0.1", "2.1")) << "just in time";
  clock.advance(1ns);
  log.expire(clock.now());
  EXPECT_THAT(collected(0), ElementsAre("2.1"));
  EXPECT_EQ(log.begin(), 2u);
  EXPECT_THAT(log.after({0, 1}), Optional(0u));
  clock.advance(60s);
  append(0, 2);
  EXPECT_THAT(collected(0), ElementsAre("0.2")) << "also when something new comes";
  EXPECT_THAT(log.after({2, 1}), Optional(0u));
  clock.advance(61s);
  log.expire(clock.now());
  EXPECT_EQ(log.begin(), log.end());
  EXPECT_EQ(log.octets(), 0u);
  EXPECT_EQ(append(0, 3), 4u) << "positions go on";
}

TEST_F(RecoveryLogTest, KnowsWhatItHasSeenOfEachOrigin) {
  EXPECT_THAT(log.seen(), Each(0));
  append(0, 5);
  append(3, 2);
  append(2, 9);
  append_place(0, 6);
  EXPECT_THAT(log.seen(), ElementsAre(6, 0, 9, 2, 0));
  append(7, 40);
  EXPECT_THAT(log.seen(), ElementsAre(6, 0, 9, 2, 0, 0, 0, 40)) << "those of others come as they are heard";
  clock.advance(61s);
  log.expire(clock.now());
  EXPECT_THAT(log.seen(), ElementsAre(6, 0, 9, 2, 0, 0, 0, 40)) << "also when it is forgotten";
}

TEST_F(RecoveryLogTest, CollectsWhatAnotherShardHasNotSeenYet) {
  append(0, 1);
  append(2, 1);
  append(0, 2);
  append(2, 2);
  append(0, 3, {.rooms = {"elsewhere"}, .except = {}});
  EXPECT_THAT(unseen({3, 0, 2, 0}), IsEmpty());
  EXPECT_THAT(unseen({9, 0, 9, 0}), IsEmpty()) << "the other shard may be ahead";
  EXPECT_THAT(unseen({1, 0, 2, 0}), ElementsAre("0.2"));
  EXPECT_THAT(unseen({2, 0, 1, 0}), ElementsAre("2.2"));
  EXPECT_THAT(unseen({1, 0, 0, 0}), ElementsAre("2.1", "0.2", "2.2"));
  EXPECT_THAT(unseen({0, 0, 0, 0}, {"elsewhere"}), ElementsAre("0.1", "2.1", "0.2", "2.2", "0.3"));
}

TEST_F(RecoveryLogTest, DoesNotMissForAnotherShardWhatWasSaidToSocketsOfThisOne) {
  append(0, 1);
  append(1, 2, {.rooms = {"me"}, .except = {}});
  EXPECT_THAT(unseen({0, 0, 0, 0}), ElementsAre("0.1")) << "who was elsewhere was not meant, and who was here has heard it";
  EXPECT_THAT(collected(0), ElementsAre("0.1", "1.2"));
}

TEST_F(RecoveryLogTest, SaysWhenWhatAnotherShardHasNotSeenIsForgotten) {
  append(0, 1);
  append(2, 1);
  clock.advance(61s);
  append(0, 2);
  EXPECT_THAT(unseen({0, 0, 1, 0}), ElementsAre("unknown"));
  EXPECT_THAT(unseen({1, 0, 0, 0}), ElementsAre("unknown"));
  EXPECT_THAT(unseen({1, 0, 1, 0}), ElementsAre("0.2"));
}

TEST_F(RecoveryLogTest, MayForgetWhatWasSaidToItsOwnSocketsForAllThatOtherShardsKnow) {
  append(1, 1, {.rooms = {"somebody"}, .except = {}});
  clock.advance(61s);
  append(0, 2);
  EXPECT_THAT(unseen({0, 0, 0, 0}), ElementsAre("0.2"));
}

TEST_F(RecoveryLogTest, KnowsTheEventsOfOtherServers) {
  append(0, 1);
  append(5, 70);
  append(5, 90);
  EXPECT_THAT(log.after({5, 70}), Optional(3u));
  EXPECT_EQ(log.after({5, 80}), std::nullopt);
  EXPECT_EQ(log.after({9, 1}), std::nullopt);
  EXPECT_EQ(log.after({60466175, 0}), std::nullopt) << "a client may say what it likes";
  EXPECT_THAT(unseen({1, 0, 0, 0, 0, 70}), ElementsAre("5.90"));
  EXPECT_THAT(unseen({1}), ElementsAre("5.70", "5.90")) << "the other shard has not heard of that server yet";
}

TEST_F(RecoveryLogTest, CollectsWhatAnotherServerHasNotHeard) {
  append(0, 1);
  append(5, 1);
  append(1, 2, {.rooms = {"me"}, .except = {}});
  append(0, 3, {.rooms = {}, .except = {}, .local = true});
  append(0, 4, {.rooms = {"elsewhere"}, .except = {}});
  append(5, 2);
  EXPECT_THAT(unheard({}), ElementsAre("0.1", "5.1", "5.2")) << "neither whispers nor what is for sockets of this server alone";
  EXPECT_THAT(unheard({1, 0, 0, 0, 0, 1}), ElementsAre("5.2"));
  EXPECT_THAT(unheard({9, 0, 0, 0, 0, 9}), IsEmpty()) << "that one may be ahead";
}

TEST_F(RecoveryLogTest, TakesItThatAnotherServerHasHeardWhatIsTooOldToBeKept) {
  append(5, 1, {.rooms = {"elsewhere"}, .except = {}});
  clock.advance(61s);
  append(5, 2);
  EXPECT_THAT(unheard({}), ElementsAre("5.2")) << "perhaps it has nobody there";
}

class RecoveryLogOfFewOctets : public RecoveryLogTest {
 protected:
  static constexpr std::size_t kMax = 2000;
  RecoveryLogOfFewOctets() : RecoveryLogTest(kMax) {}
};

TEST_F(RecoveryLogOfFewOctets, KeepsNoMoreThanItMay) {
  for (std::uint64_t i = 1; i <= 200; ++i) {
    append(0, i);
    ASSERT_LE(log.octets(), kMax);
  }
  EXPECT_EQ(log.end(), 201u);
  EXPECT_GT(log.begin(), 150u);
  const auto kept = collected(0);
  EXPECT_EQ(kept.size(), log.end() - log.begin());
  EXPECT_EQ(kept.front(), "0." + std::to_string(log.begin()));
  EXPECT_EQ(kept.back(), "0.200");
  EXPECT_THAT(log.after({0, log.begin()}), Optional(log.begin() + 1));
  EXPECT_THAT(log.after({0, log.begin() - 1}), Optional(0u));
}

TEST_F(RecoveryLogOfFewOctets, DoesNotKnowWhatAnotherServerHasNotHeardWhenThereIsNoRoomForIt) {
  append(5, 1);
  for (std::uint64_t i = 1; i <= 200; ++i) append(0, i);
  EXPECT_THAT(unheard({150, 0, 0, 0, 0, 1}), ElementsAre("unknown"));
  clock.advance(10s);
  EXPECT_THAT(unheard({200, 0, 0, 0, 0, 1}), IsEmpty()) << "by now it has";
}

TEST_F(RecoveryLogOfFewOctets, CountsPlacesToo) {
  for (std::uint64_t i = 1; i <= 200; ++i) append_place(0, i);
  EXPECT_LE(log.octets(), kMax);
  EXPECT_GT(log.begin(), 150u);
}

TEST_F(RecoveryLogOfFewOctets, KeepsOneThatIsLargerThanAll) {
  append(0, 1);
  log.append({0, 2}, std::make_shared<const Audience>(), SharedMessage::message(std::string(2 * kMax, 'x')), clock.now());
  EXPECT_EQ(log.begin(), 2u);
  EXPECT_EQ(log.end(), 3u);
  append(0, 3);
  EXPECT_THAT(collected(0), ElementsAre("0.3"));
}

TEST(OffsetTest, IsReadAsItIsWritten) {
  for (const Offset& offset : {Offset{0, 1}, Offset{1, 35}, Offset{510, 36}, Offset{~0u, ~0ull}}) {
    EXPECT_THAT(parse_offset(to_string(offset)), Optional(offset));
  }
  EXPECT_EQ(to_string(Offset{37, 1295}), "11.zz");
}

TEST(OffsetTest, IsNothingElse) {
  for (const auto* text :
       {"", ".", "1", "1.", ".1", "1.1.1", " 1.1", "1.1 ", "-1.1", "1.-1", "+1.1", "1.ä", "zzzzzzz.1", "1.zzzzzzzzzzzzzzzzz"}) {
    EXPECT_EQ(parse_offset(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace atrium::socketio
