#include "chat/accounts/sight.h"

#include <gmock/gmock.h>

namespace atrium::chat {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SightTest : public ::testing::Test {
 protected:
  SightTest() {
    sight.add({.channelId = "general", .modSeq = 7, .typists = {{"bob", "Bob"}}, .state = false, .users = {"bob", "carol"}});
    sight.add({.channelId = "other", .modSeq = 1, .typists = {}, .state = false, .users = {}});
    sight.add(std::vector<std::string>{"bob"});
  }
  void tell(const std::string& event) { sight.tell(json::parse(event).as_array()); }
  handover::View seen() { return sight.take(); }

  Sight sight{{"user:alice", "ws:default", "ws1:default", "ws2:lab", "channel:general"}};
};

TEST_F(SightTest, KnowsWhosePresenceIsToldChangeByChange) {
  EXPECT_THAT(sight.presence(), ElementsAre(storage::WorkspaceId("default")));
}

TEST_F(SightTest, IsHowThingsStandWhenNothingIsMissed) {
  const auto view = seen();
  ASSERT_EQ(view.channels.size(), 2u);
  EXPECT_EQ(view.channels[0].modSeq, 7u);
  EXPECT_THAT(view.channels[0].typists, ElementsAre(handover::Typing{"bob", "Bob"}));
  EXPECT_THAT(view.online, ElementsAre("bob"));
}

TEST_F(SightTest, FollowsEachThatIsMissedInItsChannel) {
  tell(R"(["channel:stop_typing", {"channelId": "general", "userId": "bob"}])");
  tell(R"(["channel:typing", {"channelId": "general", "userId": "dave", "userName": "Dave"}])");
  tell(R"(["channel:user_left", {"channelId": "general", "userId": "bob"}])");
  tell(R"(["channel:user_joined", {"channelId": "general", "userId": "dave"}])");
  tell(R"(["channel:typing_state", {"channelId": "other", "users": [], "more": 3}])");
  tell(R"(["message:new", {"channelId": "general", "modSeq": 9}])");
  tell(R"(["message:edited", {"channelId": "general", "modSeq": 8}])");
  tell(R"(["presence:online", {"userId": "dave"}])");
  tell(R"(["presence:offline", {"userId": "bob"}])");
  const auto view = seen();
  const auto& [general, other] = std::tie(view.channels[0], view.channels[1]);
  EXPECT_THAT(general.typists, ElementsAre(handover::Typing{"dave", "Dave"}));
  EXPECT_THAT(general.users, ElementsAre("carol", "dave"));
  EXPECT_EQ(general.modSeq, 9u) << "the last of all";
  EXPECT_TRUE(other.state);
  EXPECT_EQ(other.modSeq, 1u);
  EXPECT_THAT(view.online, ElementsAre("dave"));
}

TEST_F(SightTest, TakesWhatIsMissedForNewerThanHowThingsStand) {
  // Said twice, before and after the look: the last word counts.
  tell(R"(["channel:stop_typing", {"channelId": "general", "userId": "bob"}])");
  tell(R"(["channel:typing", {"channelId": "general", "userId": "bob", "userName": "Bob"}])");
  EXPECT_THAT(seen().channels[0].typists, ElementsAre(handover::Typing{"bob", "Bob"}));
}

TEST_F(SightTest, IsNotLedAstrayByWhatItDoesNotKnow) {
  tell(R"(["channel:typing", {"channelId": "secret", "userId": "eve", "userName": "Eve"}])");
  tell(R"(["channel:typing"])");
  tell(R"([7, {}])");
  tell(R"(["message:new", {"channelId": "general", "modSeq": "many"}])");
  const auto view = seen();
  EXPECT_EQ(view.channels.size(), 2u);
  EXPECT_EQ(view.channels[0].modSeq, 7u);
  EXPECT_THAT(view.channels[1].typists, IsEmpty());
}

}  // namespace
}  // namespace atrium::chat
