#include "chat/typing/typing_tracker.h"

#include <gmock/gmock.h>

#include <set>

#include "tests/support/manual_clock.h"

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using What = TypingNews::What;
using To = TypingNews::To;

constexpr Duration kTtl = 60s;
constexpr Duration kTtlV2 = 10s;
constexpr Duration kRebroadcast = 5s;
constexpr std::size_t kLarge = 250;
constexpr std::size_t kHuge = 1000;

class TypingTrackerTest : public ::testing::Test {
 protected:
  static Typist person(const std::string& id) { return {.key = id, .user = storage::UserId(id), .name = "The " + id}; }

  // Each says what the others are told, such as "+alice" for a start, "=alice" for one that goes on, "-alice" for a stop, each
  // with '1' for those of the original and '2' for those of typing.v2 when it is not for everybody; "[alice bob 3]" for a
  // state.
  std::vector<std::string> start(const std::string& id, const std::string& socket,
                                 TypingDialect dialect = TypingDialect::legacy) {
    return words(tracker.start(person(id), socket, dialect, clock.now()));
  }
  std::vector<std::string> start(const std::string& id) { return start(id, id + "'s"); }
  std::vector<std::string> stop(const std::string& id, const std::string& socket) {
    return words(tracker.stop(id, socket, clock.now()));
  }
  std::vector<std::string> stop(const std::string& id) { return stop(id, id + "'s"); }
  std::vector<std::string> relay(const std::string& id, const std::string& socket, Duration lasts) {
    return words(tracker.relay(person(id), socket, clock.now() + lasts, clock.now()));
  }
  /// Those who type by `sockets`, each with how long it lasts, such as "alice 10s".
  std::vector<std::string> typists_by(const std::set<std::string>& sockets) {
    std::vector<std::string> typists;
    for (const auto& [typist, until] :
         tracker.typists_by([&](const std::string& each) { return sockets.contains(each); }, clock.now())) {
      EXPECT_EQ(typist, person(typist.key));
      typists.push_back(typist.key + " " +
                        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(until - clock.now()).count()) + "s");
    }
    return typists;
  }
  std::vector<std::string> clear(const std::string& id) { return words(tracker.clear(id, clock.now())); }
  std::vector<std::string> done(const std::string& id) { return words(tracker.message_done(id, clock.now())); }
  std::vector<std::string> expire() { return words(tracker.expire(clock.now())); }
  std::vector<std::string> after(Duration time) {
    clock.advance(time);
    return expire();
  }
  std::vector<std::string> resize(std::size_t listeners) { return words(tracker.resize(listeners, clock.now())); }

  static std::string word(const TypingState& state) {
    std::string word = "[";
    for (const Typist& typist : state.named) word += typist.key + " ";
    return word + std::to_string(state.more) + "]";
  }
  static std::vector<std::string> words(const TypingTracker::News& news) {
    std::vector<std::string> words;
    for (const TypingNews& item : news) {
      if (item.what == What::state) {
        EXPECT_EQ(item.to, To::v2);
        words.push_back(word(item.state));
        continue;
      }
      const char sign = item.what == What::start ? '+' : item.what == What::again ? '=' : '-';
      words.push_back(sign + item.typist.key + (item.to == To::everybody ? "" : item.to == To::legacy ? "1" : "2"));
    }
    return words;
  }
  static std::vector<std::string> keys(const TypingSight& sight) {
    std::vector<std::string> keys;
    for (const Typist& typist : sight.typists) keys.push_back(typist.key);
    return keys;
  }
  std::vector<std::string> see(const std::string& socket, std::size_t limit = 5) {
    return keys(tracker.introduce(socket, limit));
  }

  test::ManualClock clock;
  TypingTracker tracker{{.ttl = kTtl, .ttl_v2 = kTtlV2, .rebroadcast = kRebroadcast, .large_room = kLarge, .huge_room = kHuge}};
};

TEST_F(TypingTrackerTest, TellsOfAStartAndOfItsStop) {
  const auto begun = tracker.start(person("alice"), "a1", TypingDialect::legacy, clock.now());
  ASSERT_EQ(begun.size(), 1u);
  EXPECT_EQ(begun.front().what, What::start);
  EXPECT_EQ(begun.front().typist, person("alice"));
  EXPECT_TRUE(tracker.is_typing("alice"));
  const auto ended = tracker.stop("alice", "a1", clock.now());
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_EQ(ended.front().what, What::stop);
  EXPECT_EQ(ended.front().typist, person("alice"));
  EXPECT_FALSE(tracker.is_typing("alice"));
  EXPECT_EQ(tracker.size(), 0u);
}

TEST_F(TypingTrackerTest, TellsOnceWhatIsRepeated) {
  EXPECT_THAT(start("alice"), ElementsAre("+alice"));
  EXPECT_THAT(start("alice"), IsEmpty());
  EXPECT_THAT(stop("alice"), ElementsAre("-alice"));
  EXPECT_THAT(stop("alice"), IsEmpty());
}

TEST_F(TypingTrackerTest, GoesOnUntilTheLastSocketStops) {
  EXPECT_THAT(start("alice", "a1"), ElementsAre("+alice"));
  EXPECT_THAT(start("alice", "a2"), IsEmpty());
  EXPECT_THAT(stop("alice", "a1"), IsEmpty());
  EXPECT_THAT(stop("alice", "a2"), ElementsAre("-alice"));
}

TEST_F(TypingTrackerTest, IsNotEndedByASocketThatDoesNotType) {
  start("alice", "a1");
  EXPECT_THAT(stop("alice", "a2"), IsEmpty());
  EXPECT_THAT(stop("bob", "b1"), IsEmpty());
  EXPECT_TRUE(tracker.is_typing("alice"));
}

TEST_F(TypingTrackerTest, EndsOnAllSocketsWhenHeIsPutOut) {
  start("alice", "a1");
  start("alice", "a2");
  EXPECT_THAT(clear("alice"), ElementsAre("-alice"));
  EXPECT_THAT(clear("alice"), IsEmpty());
  EXPECT_THAT(stop("alice", "a2"), IsEmpty()) << "it was told already";
}

// --- messages

TEST_F(TypingTrackerTest, TellsAStopThatComesWithAMessageAfterTheMessage) {
  start("alice");
  tracker.message_begun("alice");
  EXPECT_THAT(stop("alice"), IsEmpty()) << "the message is on its way";
  EXPECT_THAT(done("alice"), ElementsAre("-alice"));
  EXPECT_THAT(stop("alice"), IsEmpty());
}

TEST_F(TypingTrackerTest, EndsWithAMessageThoughNobodySaidStop) {
  start("alice", "a1");
  start("alice", "a2");
  tracker.message_begun("alice");
  EXPECT_THAT(done("alice"), ElementsAre("-alice"));
}

TEST_F(TypingTrackerTest, WaitsForTheFirstOfTwoMessages) {
  start("alice");
  tracker.message_begun("alice");
  tracker.message_begun("alice");
  EXPECT_THAT(stop("alice"), IsEmpty());
  EXPECT_THAT(done("alice"), ElementsAre("-alice"));
  start("alice");
  EXPECT_THAT(stop("alice"), IsEmpty()) << "the second is on its way still";
  EXPECT_THAT(done("alice"), ElementsAre("-alice"));
  start("alice");
  EXPECT_THAT(stop("alice"), ElementsAre("-alice"));
}

TEST_F(TypingTrackerTest, OutlivesItsTimeWhileAMessageIsOnItsWay) {
  start("alice");
  tracker.message_begun("alice");
  EXPECT_THAT(after(kTtl), IsEmpty());
  EXPECT_THAT(done("alice"), ElementsAre("-alice"));
}

// --- time

TEST_F(TypingTrackerTest, EndsByItselfWhenNobodyRefreshesIt) {
  start("alice");
  clock.advance(1s);
  start("bob");
  EXPECT_EQ(tracker.next(), clock.now() + kTtl - 1s);
  EXPECT_THAT(after(kTtl - 1s - 1ns), IsEmpty());
  EXPECT_THAT(after(1ns), ElementsAre("-alice"));
  EXPECT_FALSE(tracker.is_typing("alice"));
  EXPECT_TRUE(tracker.is_typing("bob"));
  EXPECT_EQ(tracker.next(), clock.now() + 1s);
  EXPECT_THAT(stop("alice"), IsEmpty()) << "the stop was told by the end of its time";
  EXPECT_THAT(start("alice"), ElementsAre("+alice")) << "and it may begin anew";
}

TEST_F(TypingTrackerTest, LastsAsLongAsItIsRefreshed) {
  start("alice");
  for (int i = 0; i < 10; ++i) {
    EXPECT_THAT(after(kTtl - 1ns), IsEmpty());
    start("alice");
  }
  EXPECT_THAT(after(kTtl), ElementsAre("-alice"));
  EXPECT_EQ(tracker.next(), std::nullopt);
}

TEST_F(TypingTrackerTest, EndsSoonerForAClientThatRefreshes) {
  start("alice", "a1", TypingDialect::v2);
  start("bob", "b1");
  EXPECT_THAT(after(kTtlV2 - 1ns), IsEmpty());
  EXPECT_THAT(after(1ns), ElementsAre("-alice"));
  EXPECT_THAT(after(kTtl - kTtlV2), ElementsAre("-bob"));
}

TEST_F(TypingTrackerTest, CountsTheTimeOfEachTab) {
  start("alice", "a1", TypingDialect::legacy);
  start("alice", "a2", TypingDialect::v2);
  EXPECT_THAT(after(kTtlV2), IsEmpty()) << "the older client has its longer time";
  EXPECT_THAT(stop("alice", "a1"), ElementsAre("-alice")) << "the other tab is over by itself";
}

TEST_F(TypingTrackerTest, TellsThoseOfV2ThatItGoesOnButNotTooOften) {
  start("alice", "a1", TypingDialect::v2);
  EXPECT_THAT(after(kRebroadcast - 1ns), IsEmpty());
  EXPECT_THAT(start("alice", "a1", TypingDialect::v2), IsEmpty());
  clock.advance(1ns);
  EXPECT_THAT(start("alice", "a1", TypingDialect::v2), ElementsAre("=alice2"));
  EXPECT_THAT(start("alice", "a1", TypingDialect::v2), IsEmpty());
  clock.advance(kRebroadcast);
  EXPECT_THAT(start("alice", "a2", TypingDialect::legacy), ElementsAre("=alice2")) << "by whatever tab";
}

TEST_F(TypingTrackerTest, TakesABurstOfFiveStartsThenOneASecond) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(start("alice"), ElementsAre("+alice")) << i;
    EXPECT_THAT(stop("alice"), ElementsAre("-alice")) << i;
  }
  EXPECT_THAT(start("alice"), IsEmpty());
  EXPECT_FALSE(tracker.is_typing("alice"));
  EXPECT_THAT(stop("alice"), IsEmpty()) << "what was not taken has no stop";
  EXPECT_THAT(start("bob"), ElementsAre("+bob")) << "others are not held back";
  clock.advance(1s - 1ns);
  EXPECT_THAT(start("alice"), IsEmpty());
  clock.advance(1ns);
  EXPECT_THAT(start("alice"), ElementsAre("+alice"));
  stop("alice");
  EXPECT_THAT(start("alice"), IsEmpty());
  EXPECT_THAT(start("alice", "another tab"), ElementsAre("+alice")) << "each socket by itself";
}

TEST_F(TypingTrackerTest, NeverHoldsBackAStopOrARefresh) {
  for (int i = 0; i < 4; ++i) {
    start("alice");
    stop("alice");
  }
  EXPECT_THAT(start("alice"), ElementsAre("+alice"));  // the fifth of the burst
  clock.advance(kTtl / 2);
  for (int i = 0; i < 20; ++i) start("alice");
  EXPECT_THAT(after(kTtl / 2), IsEmpty()) << "refreshed all the same";
  EXPECT_THAT(stop("alice"), ElementsAre("-alice"));
}

TEST_F(TypingTrackerTest, ForgetsHowFastASocketWasThatHasLeft) {
  for (int i = 0; i < 5; ++i) {
    start("alice");
    stop("alice");
  }
  EXPECT_THAT(start("alice"), IsEmpty());
  tracker.lose("alice's");
  EXPECT_THAT(start("alice"), ElementsAre("+alice"));
}

// --- newcomers

TEST_F(TypingTrackerTest, ShowsANewcomerWhoTypes) {
  for (const char* id : {"alice", "bob", "carol"}) start(id);
  EXPECT_THAT(see("new"), ElementsAre("alice", "bob", "carol"));
  EXPECT_THAT(keys(tracker.dismiss("new")), ElementsAre("alice", "bob", "carol"));
}

TEST_F(TypingTrackerTest, TellsNoStopToANewcomerWhoWasNotShownTheStart) {
  for (const char* id : {"alice", "bob", "carol"}) start(id);
  EXPECT_THAT(see("new", 2), ElementsAre("alice", "bob"));
  EXPECT_THAT(tracker.stop("alice", "alice's", clock.now()).front().unaware, IsEmpty());
  clock.advance(kRebroadcast);
  EXPECT_THAT(tracker.start(person("carol"), "carol's", TypingDialect::v2, clock.now()).front().unaware, ElementsAre("new"))
      << "nor that it goes on";
  EXPECT_THAT(tracker.stop("carol", "carol's", clock.now()).front().unaware, ElementsAre("new"));
  start("carol");
  EXPECT_THAT(tracker.stop("carol", "carol's", clock.now()).front().unaware, IsEmpty()) << "he saw this one begin";
  EXPECT_THAT(keys(tracker.dismiss("new")), ElementsAre("bob"));
}

TEST_F(TypingTrackerTest, ForgetsWhatALeaverWasUnawareOf) {
  start("alice");
  EXPECT_THAT(see("new", 0), IsEmpty());
  EXPECT_THAT(keys(tracker.dismiss("new")), IsEmpty());
  EXPECT_THAT(see("new"), ElementsAre("alice"));
  EXPECT_THAT(tracker.clear("alice", clock.now()).front().unaware, IsEmpty()) << "back in the room he was shown it";
}

TEST_F(TypingTrackerTest, KeepsWhatALostSocketWasUnawareOfForTheDayItComesBack) {
  start("alice");
  see("new", 0);
  tracker.lose("new");
  clock.advance(kTtl);
  EXPECT_THAT(tracker.expire(clock.now()).front().unaware, ElementsAre("new"));
}

// --- other nodes

TEST_F(TypingTrackerTest, TellsOfATypingOnAnotherNodeAsOfOneHere) {
  const auto begun = tracker.relay(person("alice"), "@north", clock.now() + 11s, clock.now());
  ASSERT_EQ(begun.size(), 1u);
  EXPECT_EQ(begun.front().what, What::start);
  EXPECT_EQ(begun.front().to, To::everybody);
  EXPECT_EQ(begun.front().typist, person("alice"));
  EXPECT_TRUE(tracker.is_typing("alice"));
  EXPECT_THAT(relay("alice", "@north", 11s), IsEmpty());
  EXPECT_THAT(stop("alice", "@north"), ElementsAre("-alice"));
  EXPECT_THAT(stop("alice", "@north"), IsEmpty());
}

TEST_F(TypingTrackerTest, EndsATypingOnAnotherNodeWhenThatSaysNoMore) {
  relay("alice", "@north", 11s);
  EXPECT_EQ(tracker.next(), clock.now() + 11s);
  EXPECT_THAT(after(6s), IsEmpty());
  EXPECT_THAT(relay("alice", "@north", 11s), ElementsAre("=alice2"));
  EXPECT_THAT(after(11s - 1ns), IsEmpty()) << "it was said that it goes on";
  EXPECT_THAT(after(1ns), ElementsAre("-alice"));
}

TEST_F(TypingTrackerTest, EndsATypingOnAnotherNodeEarlierWhenThatSaysSo) {
  relay("alice", "@north", 60s);
  EXPECT_THAT(relay("alice", "@north", 5s), IsEmpty());
  EXPECT_THAT(after(5s), ElementsAre("-alice"));
}

TEST_F(TypingTrackerTest, TypesUntilTheLastNodeSaysThatHeStops) {
  EXPECT_THAT(relay("alice", "@north", 11s), ElementsAre("+alice"));
  EXPECT_THAT(relay("alice", "@south", 11s), IsEmpty());
  EXPECT_THAT(start("alice", "a1"), IsEmpty());
  EXPECT_THAT(stop("alice", "@north"), IsEmpty());
  EXPECT_THAT(stop("alice", "a1"), IsEmpty());
  EXPECT_THAT(stop("alice", "@south"), ElementsAre("-alice"));
}

TEST_F(TypingTrackerTest, HoldsBackNoStartThatAnotherNodeHasLetThrough) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(relay("alice", "@north", 11s), ElementsAre("+alice")) << i;
    EXPECT_THAT(stop("alice", "@north"), ElementsAre("-alice")) << i;
  }
  EXPECT_THAT(start("alice", "a1"), ElementsAre("+alice")) << "nor does that count for a socket of this node";
}

TEST_F(TypingTrackerTest, TellsThoseOfV2NotTooOftenThatATypingElsewhereGoesOn) {
  relay("alice", "@north", 11s);
  EXPECT_THAT(after(kRebroadcast - 1ns), IsEmpty());
  EXPECT_THAT(relay("alice", "@north", 11s), IsEmpty());
  clock.advance(1ns);
  EXPECT_THAT(relay("alice", "@north", 11s), ElementsAre("=alice2"));
  EXPECT_THAT(relay("alice", "@south", 11s), IsEmpty());
  EXPECT_THAT(start("alice", "a1", TypingDialect::v2), IsEmpty()) << "by whomever it was told";
}

TEST_F(TypingTrackerTest, EndsATypingElsewhereWithTheMessage) {
  relay("alice", "@north", 11s);
  EXPECT_THAT(done("alice"), ElementsAre("-alice")) << "it was begun on the other node";
  EXPECT_THAT(stop("alice", "@north"), IsEmpty());
}

TEST_F(TypingTrackerTest, NamesInALargeRoomThoseWhoTypeElsewhere) {
  resize(kLarge + 1);
  EXPECT_THAT(relay("anna", "@north", 11s), ElementsAre("+anna1", "[anna 0]"));
  EXPECT_THAT(relay("bert", "@north", 11s), IsEmpty());
  EXPECT_THAT(after(1s), ElementsAre("+bert1", "[anna bert 0]"));
  EXPECT_THAT(after(kRebroadcast - 1s), IsEmpty());
  EXPECT_THAT(relay("anna", "@north", 11s), IsEmpty()) << "a refresh is nothing of its own there";
}

TEST_F(TypingTrackerTest, LetsNobodyTypeElsewhereInAHugeRoom) {
  resize(kHuge + 1);
  EXPECT_THAT(relay("anna", "@north", 11s), IsEmpty());
  EXPECT_FALSE(tracker.is_typing("anna"));
  EXPECT_EQ(tracker.next(), std::nullopt);
}

TEST_F(TypingTrackerTest, KnowsWhoTypesByWhichSockets) {
  EXPECT_THAT(typists_by({"a1", "@north", ""}), IsEmpty());
  start("alice", "a1");
  relay("alice", "@north", 11s);
  relay("bob", "@north", 11s);
  EXPECT_THAT(typists_by({"a1"}), ElementsAre("alice 60s"));
  EXPECT_THAT(typists_by({"@north"}), ElementsAre("alice 11s", "bob 11s"));
  EXPECT_THAT(typists_by({"a1", "@north"}), ElementsAre("alice 60s", "bob 11s")) << "the longest counts";
  EXPECT_THAT(typists_by({"@south"}), IsEmpty());
  EXPECT_THAT(typists_by({""}), IsEmpty()) << "no message is under way";
  stop("alice", "a1");
  EXPECT_THAT(typists_by({"a1"}), IsEmpty());
  EXPECT_THAT(typists_by({"@north"}), ElementsAre("alice 11s", "bob 11s"));
  after(6s);
  EXPECT_THAT(typists_by({"@north"}), ElementsAre("alice 5s", "bob 5s"));
}

TEST_F(TypingTrackerTest, KnowsUntilWhenATypingOfEachDialectLasts) {
  start("alice", "a1", TypingDialect::legacy);
  start("bob", "b1", TypingDialect::v2);
  EXPECT_THAT(typists_by({"a1", "b1"}), ElementsAre("alice 60s", "bob 10s"));
}

TEST_F(TypingTrackerTest, KnowsWhoTypesUntilHisMessageIsTold) {
  start("alice", "a1");
  tracker.message_begun("alice");
  EXPECT_THAT(typists_by({""}), IsEmpty()) << "he types by a socket still";
  stop("alice", "a1");
  EXPECT_THAT(typists_by({""}), ElementsAre("alice 60s"));
  EXPECT_THAT(typists_by({"a1"}), IsEmpty());
  done("alice");
  EXPECT_THAT(typists_by({""}), IsEmpty());
}

// Nobody was shown that typing, so it has no time from which it could be counted.
TEST_F(TypingTrackerTest, KnowsUntilWhenATypingLastsThatNobodyWasShown) {
  resize(kLarge + 1);
  start("anna");
  start("bert");
  tracker.message_begun("bert");
  EXPECT_THAT(stop("bert"), IsEmpty());
  const auto typists = tracker.typists_by([](const std::string& socket) { return socket.empty(); }, clock.now());
  ASSERT_EQ(typists.size(), 1u);
  EXPECT_EQ(typists.front().first, person("bert"));
  EXPECT_GE(typists.front().second, clock.now());
}

// --- large rooms

TEST_F(TypingTrackerTest, TellsALargeRoomOfTwoByNameAtOnceAndOfTwoMoreASecond) {
  resize(kLarge + 1);
  EXPECT_THAT(start("anna"), ElementsAre("+anna1", "[anna 0]"));
  for (const char* id : {"bert", "carl", "dora", "emil", "fred", "gerd"}) EXPECT_THAT(start(id), IsEmpty());
  EXPECT_EQ(tracker.next(), clock.now() + 1s);
  EXPECT_THAT(after(1s), ElementsAre("+bert1", "+carl1", "[anna bert carl 4]"));
  EXPECT_THAT(after(1s), ElementsAre("+dora1", "+emil1", "[anna bert carl dora emil 2]"));
  EXPECT_THAT(after(1s), IsEmpty());
  EXPECT_THAT(stop("gerd"), ElementsAre("[anna bert carl dora emil 1]")) << "he was not shown by name";
  EXPECT_THAT(stop("anna"), ElementsAre("-anna1")) << "those of v2 hear of it in time";
  EXPECT_THAT(after(1s), ElementsAre("+fred1", "[bert carl dora emil fred 0]"));
}

TEST_F(TypingTrackerTest, TellsALargeRoomOfV2FromTimeToTimeThatItGoesOn) {
  resize(kLarge + 1);
  start("alice");
  EXPECT_THAT(after(kRebroadcast - 1ns), IsEmpty());
  EXPECT_THAT(after(1ns), ElementsAre("[alice 0]"));
  EXPECT_THAT(start("alice"), IsEmpty()) << "a refresh is nothing of its own there";
  EXPECT_THAT(stop("alice"), ElementsAre("-alice1"));
  EXPECT_THAT(after(1s), ElementsAre("[0]"));
  EXPECT_EQ(tracker.next(), std::nullopt);
}

TEST_F(TypingTrackerTest, TakesEverythingBackAndTellsItAnewWhenTheRoomBecomesLarge) {
  for (const char* id : {"anna", "bert", "carl", "dora", "emil", "fred"}) start(id);
  EXPECT_THAT(resize(kLarge), IsEmpty());
  EXPECT_THAT(resize(kLarge + 1), ElementsAre("-anna", "-bert", "-carl", "-dora", "-emil", "-fred", "+anna1", "+bert1",
                                              "+carl1", "+dora1", "+emil1", "[anna bert carl dora emil 1]"));
}

TEST_F(TypingTrackerTest, ShowsEverybodyWhenALargeRoomHasShrunkByATenth) {
  resize(kLarge + 1);
  start("anna");
  for (const char* id : {"bert", "carl"}) start(id);
  EXPECT_THAT(resize(kLarge - kLarge / 10 + 1), IsEmpty());
  EXPECT_THAT(resize(kLarge - kLarge / 10), ElementsAre("-anna1", "[0]", "+anna", "+bert", "+carl"));
}

TEST_F(TypingTrackerTest, IsOffInAHugeRoom) {
  start("anna");
  EXPECT_FALSE(tracker.off());
  EXPECT_THAT(resize(kHuge + 1), ElementsAre("-anna"));
  EXPECT_TRUE(tracker.off());
  EXPECT_THAT(start("anna"), IsEmpty());
  EXPECT_THAT(stop("anna"), IsEmpty());
  EXPECT_EQ(tracker.next(), std::nullopt);
  EXPECT_THAT(resize(kHuge - kHuge / 10), IsEmpty());
  EXPECT_THAT(start("anna"), ElementsAre("+anna1", "[anna 0]"));
}

TEST_F(TypingTrackerTest, ShowsANewcomerOfALargeRoomWhatTheOthersSee) {
  resize(kLarge + 1);
  start("anna");
  start("bert");
  const auto sight = tracker.introduce("new", 5);
  EXPECT_THAT(keys(sight), ElementsAre("anna"));
  ASSERT_TRUE(sight.state);
  EXPECT_EQ(word(*sight.state), "[anna 0]");
  after(1s);
  EXPECT_EQ(word(*tracker.dismiss("new").state), "[anna bert 0]");
}

TEST_F(TypingTrackerTest, SaysWhoTypes) {
  for (const char* id : {"zoe", "anna", "bert", "carl", "dora", "emil", "fred"}) start(id);
  EXPECT_EQ(word(tracker.state()), "[zoe anna bert carl dora 2]") << "the longest first";
}

}  // namespace
}  // namespace atrium::chat
