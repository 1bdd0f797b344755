#include "socketio/room_index.h"

#include <gmock/gmock.h>

#include <map>
#include <random>
#include <set>

#include "tests/support/fake_receiver.h"

namespace atrium::socketio {
namespace {

using test::FakeReceiver;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class RoomIndexTest : public ::testing::Test {
 protected:
  std::vector<std::string> reached(std::vector<std::string> rooms, std::vector<std::string> except = {}) {
    std::vector<std::string> ids;
    const Audience audience{.rooms = std::move(rooms), .except = std::move(except)};
    index.each(audience, [&](Receiver& receiver) { ids.push_back(receiver.id()); });
    return ids;
  }

  test::EventQueue events;
  RoomIndex index;
  FakeReceiver a{"a", index, events};
  FakeReceiver b{"b", index, events};
  FakeReceiver c{"c", index, events};
};

TEST_F(RoomIndexTest, ReachesEverybodyWhenNoRoomIsNamed) {
  EXPECT_THAT(reached({}), UnorderedElementsAre("a", "b", "c"));
  EXPECT_EQ(index.size(), 3u);
}

TEST_F(RoomIndexTest, ReachesTheMembersOfARoom) {
  EXPECT_TRUE(index.join(a.member, "red"));
  EXPECT_TRUE(index.join(b.member, "red"));
  EXPECT_THAT(reached({"red"}), UnorderedElementsAre("a", "b"));
  EXPECT_THAT(reached({"blue"}), IsEmpty());
}

TEST_F(RoomIndexTest, ReachesOnceWhoIsInSeveralOfTheRooms) {
  for (const char* room : {"red", "blue", "green"}) index.join(a.member, room);
  index.join(b.member, "blue");
  EXPECT_THAT(reached({"red", "blue", "green", "a", "red"}), UnorderedElementsAre("a", "b"));
}

TEST_F(RoomIndexTest, LeavesOutTheMembersOfSomeRooms) {
  index.join(a.member, "red");
  index.join(b.member, "red");
  index.join(b.member, "blue");
  EXPECT_THAT(reached({"red"}, {"blue"}), ElementsAre("a"));
  EXPECT_THAT(reached({}, {"blue"}), UnorderedElementsAre("a", "c"));
  EXPECT_THAT(reached({}, {"red", "blue", "c"}), IsEmpty());
  EXPECT_THAT(reached({"red"}, {"nobody"}), UnorderedElementsAre("a", "b"));
}

TEST_F(RoomIndexTest, KnowsEachByItsId) {
  EXPECT_THAT(reached({"b"}), ElementsAre("b"));
  EXPECT_THAT(reached({}, {"b"}), UnorderedElementsAre("a", "c"));
  EXPECT_EQ(index.room_count(), 0u) << "which costs no room";
}

TEST_F(RoomIndexTest, LetsARoomBeNamedLikeSomebodysId) {
  index.join(a.member, "b");
  EXPECT_THAT(reached({"b"}), UnorderedElementsAre("a", "b"));
  EXPECT_THAT(reached({}, {"b"}), ElementsAre("c"));
}

TEST_F(RoomIndexTest, TakesOneOnlyOnce) {
  EXPECT_TRUE(index.join(a.member, "red"));
  EXPECT_FALSE(index.join(a.member, "red"));
  EXPECT_THAT(reached({"red"}), ElementsAre("a"));
  EXPECT_TRUE(index.leave(a.member, "red"));
  EXPECT_FALSE(index.leave(a.member, "red"));
  EXPECT_FALSE(index.leave(a.member, "blue"));
  EXPECT_THAT(reached({"red"}), IsEmpty());
}

TEST_F(RoomIndexTest, KeepsNoRoomThatIsEmpty) {
  index.join(a.member, "red");
  index.join(b.member, "red");
  EXPECT_EQ(index.room_count(), 1u);
  index.leave(a.member, "red");
  EXPECT_EQ(index.room_count(), 1u);
  b.go();
  EXPECT_EQ(index.room_count(), 0u);
}

TEST_F(RoomIndexTest, NamesTheRoomsOfAMember) {
  EXPECT_THAT(index.rooms_of(a.member), IsEmpty());
  index.join(a.member, "red");
  index.join(a.member, "blue");
  EXPECT_THAT(index.rooms_of(a.member), UnorderedElementsAre("red", "blue"));
}

TEST_F(RoomIndexTest, ForgetsWhoHasGone) {
  for (const char* room : {"red", "blue"}) {
    index.join(a.member, room);
    index.join(b.member, room);
  }
  a.go();
  EXPECT_THAT(reached({}), UnorderedElementsAre("b", "c"));
  EXPECT_THAT(reached({"red", "blue"}), ElementsAre("b"));
  EXPECT_THAT(reached({"a"}), IsEmpty());
}

TEST_F(RoomIndexTest, CollectsForThoseWhoChangeIt) {
  for (FakeReceiver* receiver : {&a, &b, &c}) index.join(receiver->member, "red");
  for (Receiver* receiver : index.collect({.rooms = {"red"}, .except = {"c"}})) receiver->leave("red");
  EXPECT_THAT(reached({"red"}), ElementsAre("c"));
}

/// The same without any cunning.
class Naive final {
 public:
  std::map<std::string, std::set<std::string>> rooms_of;  ///< by id, of who is there

  std::multiset<std::string> reached(const Audience& audience) const {
    std::multiset<std::string> ids;
    for (const auto& [id, rooms] : rooms_of) {
      if ((audience.rooms.empty() || is_in(id, rooms, audience.rooms)) && !is_in(id, rooms, audience.except)) ids.insert(id);
    }
    return ids;
  }
  std::size_t room_count() const {
    std::set<std::string> all;
    for (const auto& [id, rooms] : rooms_of) all.insert(rooms.begin(), rooms.end());
    return all.size();
  }

 private:
  static bool is_in(const std::string& id, const std::set<std::string>& rooms, const std::vector<std::string>& any) {
    return std::any_of(any.begin(), any.end(), [&](const auto& room) { return room == id || rooms.contains(room); });
  }
};

TEST(RoomIndexModel, AgreesAfterAnyHistory) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    std::mt19937 random(seed);
    test::EventQueue events;
    RoomIndex index;
    Naive naive;
    std::map<std::string, std::unique_ptr<FakeReceiver>> there;
    // Rooms and ids share their names, some of them.
    const auto some_name = [&] { return (random() % 2 ? "m" : "r") + std::to_string(random() % 8); };
    const auto some_names = [&](unsigned most) {
      std::vector<std::string> names;
      for (unsigned count = static_cast<unsigned>(random()) % (most + 1); count > 0; --count) names.push_back(some_name());
      return names;
    };
    for (int step = 0; step < 800; ++step) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", step " + std::to_string(step));
      const std::string id = "m" + std::to_string(random() % 8);
      const std::string room = some_name();
      if (!there.contains(id)) {
        there[id] = std::make_unique<FakeReceiver>(id, index, events);
        naive.rooms_of[id];
      } else if (random() % 12 == 0) {
        there.erase(id);
        naive.rooms_of.erase(id);
      } else if (random() % 3 != 0) {
        ASSERT_EQ(index.join(there[id]->member, room), naive.rooms_of[id].insert(room).second);
      } else {
        ASSERT_EQ(index.leave(there[id]->member, room), naive.rooms_of[id].erase(room) > 0);
      }
      const Audience audience{.rooms = some_names(3), .except = some_names(2)};
      std::multiset<std::string> reached;
      index.each(audience, [&](Receiver& receiver) { reached.insert(receiver.id()); });
      ASSERT_EQ(reached, naive.reached(audience));
      ASSERT_EQ(index.size(), naive.rooms_of.size());
      ASSERT_EQ(index.room_count(), naive.room_count());
      if (there.contains(id)) {
        const auto rooms = index.rooms_of(there[id]->member);
        ASSERT_EQ(std::set<std::string>(rooms.begin(), rooms.end()), naive.rooms_of[id]);
        ASSERT_EQ(rooms.size(), naive.rooms_of[id].size());
      }
    }
  }
}

}  // namespace
}  // namespace atrium::socketio
