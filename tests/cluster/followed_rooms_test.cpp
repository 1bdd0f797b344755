#include "cluster/followed_rooms.h"

#include <gmock/gmock.h>

#include <vector>

namespace atrium::cluster {
namespace {

TEST(FollowedRooms, AreWantedAsLongAsThereIsAReason) {
  std::vector<std::string> told;
  FollowedRooms rooms([&](const std::string& room, bool wanted) { told.push_back((wanted ? "+" : "-") + room); });
  rooms.want("red");
  rooms.want("red");
  rooms.want("blue");
  rooms.give_up("red");
  EXPECT_THAT(told, testing::ElementsAre("+red", "+blue"));
  rooms.give_up("red");
  rooms.give_up("red");
  rooms.give_up("green");
  EXPECT_THAT(told, testing::ElementsAre("+red", "+blue", "-red"));
  rooms.want("red");
  EXPECT_EQ(told.back(), "+red");
}

}  // namespace
}  // namespace atrium::cluster
