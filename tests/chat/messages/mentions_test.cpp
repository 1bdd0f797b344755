#include "chat/messages/mentions.h"

#include <gmock/gmock.h>

namespace atrium::chat {

namespace {

using storage::Called;
using storage::UserId;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Mentions, ANameFollowsTheSignWithUpToThreeWords) {
  EXPECT_THAT(Mentions("hi @Ann Lee Moore too").names(), ElementsAre("Ann Lee Moore", "Ann Lee", "Ann"));
  EXPECT_THAT(Mentions("@bob").names(), ElementsAre("bob"));
}

TEST(Mentions, TheStopAfterANameIsNoPartOfIt) {
  EXPECT_THAT(Mentions("@bob. @o'hara's, @j.doe!").names(), ElementsAre("bob", "o'hara's", "j.doe"));
}

TEST(Mentions, AnAddressNamesNobody) {
  EXPECT_THAT(Mentions("bob@example.com a.@x").names(), IsEmpty());
  EXPECT_THAT(Mentions("@ bob @@ @").names(), IsEmpty());
}

TEST(Mentions, OtherScriptsAreNamesToo) { EXPECT_THAT(Mentions("(@Zoë) @漢字。").names(), ElementsAre("Zoë", "漢字。")); }

TEST(Mentions, TheLongestNameThatIsSomebodysCounts) {
  const Mentions mentions("@Ann Lee says");
  EXPECT_THAT(mentions.among({{"Ann", UserId("1")}, {"Ann Lee", UserId("2")}}), ElementsAre(UserId("2")));
  EXPECT_THAT(mentions.among({{"Ann", UserId("1")}}), ElementsAre(UserId("1")));
  EXPECT_THAT(mentions.among({}), IsEmpty());
}

TEST(Mentions, EachIsNamedOnceInTheOrderOfTheContent) {
  const Mentions mentions("@bob @ann @bob");
  EXPECT_THAT(mentions.among({{"ann", UserId("a")}, {"bob", UserId("b")}}), ElementsAre(UserId("b"), UserId("a")));
}

TEST(Mentions, NamesakesAreAllMeant) {
  EXPECT_THAT(Mentions("@sam").among({{"sam", UserId("1")}, {"sam", UserId("2")}}), ElementsAre(UserId("1"), UserId("2")));
}

TEST(Mentions, WhatIsAskedForIsBounded) {
  std::string content;
  for (int i = 0; i < 1000; ++i) content += "@n" + std::to_string(i) + ", ";
  EXPECT_EQ(Mentions(content).names().size(), Mentions::kPlaces);
  EXPECT_THAT(Mentions("@" + std::string(4000, 'x')).names(), IsEmpty());
}

}  // namespace

}  // namespace atrium::chat
