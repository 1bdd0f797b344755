#include "cluster/client_wire.h"

#include <gmock/gmock.h>

namespace atrium::cluster {
namespace {

using socketio::Episode;
using socketio::HandedOver;

TEST(ClientWire, WhatWasMissedComesBack) {
  std::vector<HandedOver::Said> missed;
  missed.push_back({.event = {.array = {"news", 1}, .attachments = {Bytes(std::string("\0\xff", 2))}},
                    .audience = {.rooms = {"red"}, .except = {"blue"}}});
  const Episode episode{.id = ~std::uint64_t{0}, .part = Episode::Part::end, .spares = true};
  missed.push_back({.event = {.array = {"end"}, .attachments = {}}, .episode = episode});
  const auto back = from_wire(to_wire(missed));
  ASSERT_EQ(back.size(), 2u);
  EXPECT_EQ(back[0].event.array, missed[0].event.array);
  EXPECT_EQ(back[0].event.attachments, missed[0].event.attachments);
  EXPECT_EQ(back[0].audience.rooms, missed[0].audience.rooms);
  EXPECT_EQ(back[0].audience.except, missed[0].audience.except);
  EXPECT_FALSE(back[0].episode);
  ASSERT_TRUE(back[1].episode);
  EXPECT_EQ(back[1].episode->id, episode.id);
  EXPECT_EQ(back[1].episode->part, episode.part);
  EXPECT_TRUE(back[1].episode->spares);
}

TEST(ClientWire, WhatIsNoEventOrNoNumberIsLeftOut) {
  EXPECT_TRUE(
      from_wire(std::vector<ClientSaid>{{.event = "news", .octets = {}, .rooms = {}, .except = {}, .episode = {}}}).empty());
  const auto odd =
      from_wire(std::vector<ClientSaid>{{.event = json::array{"x"}, .octets = {}, .rooms = {}, .except = {}, .episode = "7x"}});
  ASSERT_EQ(odd.size(), 1u);
  EXPECT_FALSE(odd.front().episode);
  EXPECT_THAT(from_wire(std::vector<std::string>{"7", "", "x", "-1"}), testing::ElementsAre(7u));
  EXPECT_THAT(to_wire(std::set<std::uint64_t>{3, 7}), testing::ElementsAre("3", "7"));
}

}  // namespace
}  // namespace atrium::cluster
