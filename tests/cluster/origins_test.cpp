#include "cluster/origins.h"

#include <gmock/gmock.h>

namespace atrium::cluster {
namespace {

using socketio::Offset;
using socketio::RecoveryLog;
using testing::ElementsAre;

/// Of a node with two shards: 0 to 3 are its own, 4 is what has no number, 5 and more are those of others.
class OriginsTest : public testing::Test {
 protected:
  Origins origins{"me", 2};
};

TEST_F(OriginsTest, GivesEachOriginOfAnotherNodeOneHere) {
  EXPECT_EQ(origins.heard("a", Offset{0, 10}), (Offset{5, 10}));
  EXPECT_EQ(origins.heard("a", Offset{2, 11}), (Offset{6, 11}));
  EXPECT_EQ(origins.heard("b", Offset{0, 3}), (Offset{7, 3}));
  EXPECT_EQ(origins.heard("a", Offset{0, 12}), (Offset{5, 12}));
}

TEST_F(OriginsTest, GivesWhatTheBusNumbersOneOriginWhoeverSaidIt) {
  EXPECT_EQ(origins.heard("a", Offset{say::kBusOrigin, 10}), (Offset{5, 10}));
  EXPECT_EQ(origins.heard("b", Offset{say::kBusOrigin, 11}), (Offset{5, 11}));
}

TEST_F(OriginsTest, CountsWhatHasNoNumberItself) {
  EXPECT_EQ(origins.heard("a", std::nullopt), (Offset{4, 1}));
  EXPECT_EQ(origins.heard("b", std::nullopt), (Offset{4, 2}));
  origins.heard("a", Offset{0, 10});
  EXPECT_EQ(origins.heard("a", Offset{0, 10}), (Offset{4, 3})) << "numbers that do not grow are none";
}

TEST_F(OriginsTest, TellsOthersWhatTheyCanUnderstand) {
  origins.heard("a", Offset{2, 40});
  RecoveryLog::Seen seen{7, 8, 9, 10, 11, 40};
  EXPECT_EQ(json::serialize(origins.tell(seen)), R"([["me","0.7"],["me","2.9"],["a","2.14"]])")
      << "neither whispers nor what was counted here";
  Origins theirs("a", 3);
  theirs.heard("me", Offset{2, 5});
  EXPECT_THAT(theirs.understand(origins.tell(seen)), ElementsAre(0, 0, 40, 0, 0, 0, 0, 9, 7))
      << "2 is its own, 7 and 8 are the two of the other one";
}

TEST_F(OriginsTest, UnderstandsNothingButThat) {
  for (const auto* told : {"null", "7", R"([["a"]])", R"([["a","b"]])", R"([["a","1.1","x"]])", R"([["me","9.1"]])"}) {
    EXPECT_THAT(origins.understand(json::parse(told)), testing::Each(0)) << told;
  }
}

TEST_F(OriginsTest, HasABound) {
  for (std::uint32_t i = 0; i < Origins::kMax; ++i) origins.heard("a", Offset{i, 1});
  EXPECT_EQ(origins.heard("a", Offset{0, 2}), (Offset{5, 2}));
  EXPECT_EQ(origins.heard("b", Offset{0, 1}), (Offset{4, 1}));
}

}  // namespace
}  // namespace atrium::cluster
