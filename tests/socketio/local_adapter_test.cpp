#include "socketio/local_adapter.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/support/fake_receiver.h"
#include "tests/support/running_shards.h"

namespace atrium::socketio {
namespace {

using engineio::SharedMessage;
using test::FakeReceiver;
using ::testing::ElementsAre;

/// Three shards with two receivers each: a0 and b0 on the first, and so on.
class LocalAdapterTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kShards = 3;

  LocalAdapterTest() {
    for (std::size_t i = 0; i < kShards; ++i) {
      shards.on(i, [&] {
        RoomIndex& rooms = adapter.rooms(shards[i]);
        a.push_back(std::make_unique<FakeReceiver>("a" + std::to_string(i), rooms, events));
        b.push_back(std::make_unique<FakeReceiver>("b" + std::to_string(i), rooms, events));
      });
    }
  }
  ~LocalAdapterTest() override {
    for (std::size_t i = 0; i < kShards; ++i) {
      shards.on(i, [&] {
        a[i].reset();
        b[i].reset();
      });
    }
  }

  void broadcast(const Audience& audience, const std::string& text = "x") {
    adapter.broadcast(audience, {.message = SharedMessage::message(text)});
  }
  /// All that happened until now, sorted: shards have no common order.
  std::vector<std::string> happened() {
    shards.settle();
    std::vector<std::string> all;
    while (!events.empty()) all.push_back(events.next());
    std::sort(all.begin(), all.end());
    return all;
  }

  test::RunningShards shards{kShards};
  test::EventQueue events;
  const std::shared_ptr<LocalAdapter> shared = std::make_shared<LocalAdapter>(shards.set());
  LocalAdapter& adapter = *shared;
  std::vector<std::unique_ptr<FakeReceiver>> a;
  std::vector<std::unique_ptr<FakeReceiver>> b;
};

TEST_F(LocalAdapterTest, ReachesEverybodyOnEveryShardOnce) {
  broadcast({});
  EXPECT_THAT(happened(), ElementsAre("a0: 4x", "a1: 4x", "a2: 4x", "b0: 4x", "b1: 4x", "b2: 4x"));
}

TEST_F(LocalAdapterTest, ReachesItsOwnShardAtOnce) {
  shards.on(1, [&] {
    broadcast({.rooms = {"a1"}, .except = {}});
    EXPECT_FALSE(events.empty());
  });
  EXPECT_THAT(happened(), ElementsAre("a1: 4x"));
}

TEST_F(LocalAdapterTest, TellsWhatMayBeDropped) {
  adapter.broadcast({.rooms = {"a0", "b2"}, .except = {}}, {.message = SharedMessage::message("x"), .may_drop = true});
  EXPECT_THAT(happened(), ElementsAre("a0: 4x (volatile)", "b2: 4x (volatile)"));
}

TEST_F(LocalAdapterTest, KeepsTheOrderInWhichOneShardSpoke) {
  shards.on(2, [&] {
    for (int i = 0; i < 100; ++i) broadcast({.rooms = {"a1"}, .except = {}}, std::to_string(i));
  });
  for (int i = 0; i < 100; ++i) EXPECT_EQ(events.next(), "a1: 4" + std::to_string(i));
}

TEST_F(LocalAdapterTest, KeepsTheOrderOfJoiningAndSpeaking) {
  shards.on(0, [&] {
    adapter.sockets_join({.rooms = {"b2"}, .except = {}}, {"red"});
    broadcast({.rooms = {"red"}, .except = {}}, "in");
    adapter.sockets_leave({.rooms = {"b2"}, .except = {}}, {"red"});
    broadcast({.rooms = {"red"}, .except = {}}, "out");
  });
  EXPECT_THAT(happened(), ElementsAre("b2: 4in"));
}

TEST_F(LocalAdapterTest, MovesTheMembersOfOneRoomToAnother) {
  adapter.sockets_join({.rooms = {"a0", "a1", "b1"}, .except = {}}, {"red"});
  adapter.sockets_join({.rooms = {"red"}, .except = {"b1"}}, {"blue"});
  adapter.sockets_leave({.rooms = {"red"}, .except = {}}, {"red"});
  broadcast({.rooms = {"red"}, .except = {}}, "red");
  broadcast({.rooms = {"blue"}, .except = {}}, "blue");
  EXPECT_THAT(happened(), ElementsAre("a0: 4blue", "a1: 4blue"));
}

TEST_F(LocalAdapterTest, DisconnectsThoseWhoAreMeant) {
  adapter.disconnect_sockets({.rooms = {"a0", "a2"}, .except = {}}, Close::namespace_only);
  EXPECT_THAT(happened(), ElementsAre("a0: disconnected", "a2: disconnected"));
  broadcast({});
  EXPECT_THAT(happened(), ElementsAre("a1: 4x", "b0: 4x", "b1: 4x", "b2: 4x"));
}

TEST_F(LocalAdapterTest, DisconnectsNobodyWhoWentWithAnother) {
  // The end of a connection ends all its sockets: when a1 goes, b1 goes with it.
  shards.on(1, [&] {
    a[1]->on_disconnect = [this] { b[1].reset(); };
    b[1]->on_disconnect = [this] { a[1].reset(); };
  });
  adapter.disconnect_sockets({.rooms = {"a1", "b1"}, .except = {}}, Close::connection);
  const auto ends = happened();
  ASSERT_EQ(ends.size(), 1u);
  EXPECT_TRUE(ends.front().ends_with(": connection closed"));
}

TEST_F(LocalAdapterTest, DoesNotDisconnectTheMembersOfARoomThatIsNamedLikeAnId) {
  adapter.sockets_join({.rooms = {"b0"}, .except = {}}, {"a0"});
  adapter.disconnect_sockets({.rooms = {"a0"}, .except = {"b0"}}, Close::namespace_only);
  EXPECT_THAT(happened(), ElementsAre("a0: disconnected"));
}

TEST(LocalAdapterOfOneShard, ReachesEverybodyToo) {
  test::RunningShards shards;
  test::EventQueue events;
  const auto shared = std::make_shared<LocalAdapter>(shards.set());
  LocalAdapter& adapter = *shared;
  std::unique_ptr<FakeReceiver> a;
  shards.on(0, [&] { a = std::make_unique<FakeReceiver>("a", adapter.rooms(shards[0]), events); });
  adapter.broadcast({}, {.message = SharedMessage::message("from elsewhere")});
  EXPECT_EQ(events.next(), "a: 4from elsewhere");
  shards.on(0, [&] {
    adapter.broadcast({}, {.message = SharedMessage::message("from the shard")});
    EXPECT_FALSE(events.empty()) << "at once";
    a.reset();
  });
}

}  // namespace
}  // namespace atrium::socketio
