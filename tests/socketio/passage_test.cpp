// A lost client that comes to another server, which asks the one where it was.
#include "socketio/passage.h"

#include <gmock/gmock.h>

#include "tests/support/recovery_server.h"

namespace atrium::socketio {
namespace {

using namespace std::chrono_literals;
using test::RecoveringClient;
using test::RecoveryServer;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PassageTest : public ::testing::Test {
 protected:
  PassageTest() {
    new_one.nsp.core()->recovery->seek_elsewhere([this](net::Shard& shard, const std::string& pid,
                                                        const std::optional<std::string>& offset, auto found) {
      auto& theirs = *old_one.nsp.core()->recovery;
      net::Shard& there = old_one.io().shards()[0];
      there.post([this, &theirs, &there, &shard, pid, offset, found = std::move(found)]() mutable {
        theirs.give_away(there, pid, offset, [this, &shard, found = std::move(found)](std::optional<Restored> given) mutable {
          auto client = given ? send_off(std::move(*given)) : std::nullopt;
          if (client) client->former = std::exchange(client->rooms, {});
          ++asked;
          shard.post([client = std::move(client), found = std::move(found)]() mutable { found(std::move(client)); });
        });
      });
    });
    old_one.start();
    new_one.start();
  }
  /// The same client, before the new server.
  RecoveringClient moved(const RecoveringClient& client) {
    RecoveringClient again = new_one.client();
    again.pid = client.pid;
    again.sid = client.sid;
    again.offset = client.offset;
    return again;
  }

  RecoveryServer old_one{2};
  RecoveryServer new_one{1};
  std::atomic<int> asked = 0;
};

TEST_F(PassageTest, BringsAClientAndWhatItMissedToAnotherServer) {
  auto client = old_one.join();
  old_one.emit_from(0, "one", 1);
  client.next();
  old_one.lose(client);
  old_one.emit_from(1, "two", json::object{{"x", "y"}});
  auto again = moved(client);
  EXPECT_THAT(again.connect(), ElementsAre(R"(["two",{"x":"y"}])"));
  EXPECT_TRUE(again.recovered);
  EXPECT_EQ(again.sid, client.sid);
  EXPECT_EQ(new_one.next_event(), "connect recovered");
}

TEST_F(PassageTest, TakesItFromAConnectionThatIsStillThere) {
  auto client = old_one.join();
  auto again = moved(client);
  EXPECT_THAT(again.connect(), IsEmpty());
  EXPECT_TRUE(again.recovered);
  EXPECT_EQ(old_one.next_event(), "disconnect transport close");
}

TEST_F(PassageTest, GivesItAwayOnce) {
  auto client = old_one.join();
  old_one.lose(client);
  EXPECT_EQ(old_one.nsp.core()->recovery->waiting(), 1u);
  auto again = moved(client);
  again.connect();
  EXPECT_TRUE(again.recovered);
  EXPECT_EQ(old_one.nsp.core()->recovery->waiting(), 0u);
  client.connect();
  EXPECT_FALSE(client.recovered) << "it is the other one's now";
}

TEST_F(PassageTest, RecoversItWhereItIsNowWithoutAskingAgain) {
  auto client = old_one.join();
  old_one.lose(client);
  old_one.emit_from(0, "missed");
  auto again = moved(client);
  EXPECT_THAT(again.connect(), ElementsAre(R"(["missed"])"));
  new_one.next_event();
  new_one.lose(again);
  // With the offset of the other server, for it has heard nothing of what it was told here.
  again.offset = client.offset;
  EXPECT_THAT(again.connect(), ElementsAre(R"(["missed"])"));
  EXPECT_TRUE(again.recovered);
  EXPECT_EQ(asked, 1);
}

TEST_F(PassageTest, TellsNothingOfRoomsThatItMayNotBeInAnyMore) {
  auto client = old_one.join();
  old_one.on_socket(client.sid, [](Socket& socket) { socket.join("secret"); });
  old_one.lose(client);
  old_one.on_shard(0, [&] {
    old_one.nsp.to("secret").emit("hush");
    old_one.nsp.emit("all");
  });
  old_one.settle();
  std::optional<Restored> restored;
  new_one.on_shard(0, [&] {
    HandedOver over{.sid = client.sid, .rooms = {"user"}, .former = {"secret"}, .data = {}, .missed = {}};
    over.missed.push_back({.event = Outgoing::of("hush"), .audience = {.rooms = {"secret"}}});
    over.missed.push_back({.event = Outgoing::of("all"), .audience = {}});
    auto& core = *new_one.nsp.core();
    net::Shard& shard = new_one.io().shards()[0];
    restored = take_in(core, shard, client.pid, {}, std::move(over), core.recovery->log(shard).seen());
    restored->leave("secret");
  });
  ASSERT_EQ(restored->missed.size(), 1u);
  EXPECT_TRUE(restored->missed[0].message->polling_payload().starts_with("42[\"all\","));
}

TEST_F(PassageTest, SettlesWhatHasBegunAndEnded) {
  new_one.on_shard(0, [&] {
    HandedOver over{.sid = "sid", .rooms = {}, .former = {}, .data = {}, .missed = {}};
    over.missed.push_back({.event = Outgoing::of("begin"), .episode = Episode{.id = 7, .part = Episode::Part::begin}});
    over.missed.push_back({.event = Outgoing::of("end"), .episode = Episode{.id = 7, .part = Episode::Part::end}});
    auto& core = *new_one.nsp.core();
    net::Shard& shard = new_one.io().shards()[0];
    const auto restored = take_in(core, shard, "AAAAAAAAAAAAAAAAAAAA", {}, std::move(over), core.recovery->log(shard).seen());
    EXPECT_THAT(restored->missed, IsEmpty());
  });
}

/// Whatever clients speak.
class PassageOfOctetsTest : public ::testing::TestWithParam<Parser> {
 protected:
  /// What is left of the event that a client would be told.
  static std::optional<HandedOver> sent_off(const Outgoing& event) {
    Restored restored{.sid = "sid", .pid = "pid", .rooms = {}, .data = {}, .missed = {}, .seen = {}};
    const auto message = PacketWriter(GetParam()).encode_event("/chat", {}, event, "AAAA0.1");
    restored.missed.push_back({.offset = {0, 1}, .message = message});
    return send_off(std::move(restored));
  }
};

TEST_P(PassageOfOctetsTest, TakesThemAlong) {
  for (const auto& event : {Outgoing::of("news", 1), Outgoing::of("octets", Bytes("one"), json::array{2}, Bytes("three"))}) {
    const auto client = sent_off(event);
    ASSERT_TRUE(client);
    ASSERT_EQ(client->missed.size(), 1u);
    EXPECT_EQ(client->missed[0].event.array, event.array);
    EXPECT_EQ(client->missed[0].event.attachments, event.attachments);
  }
}

INSTANTIATE_TEST_SUITE_P(Parsers, PassageOfOctetsTest, ::testing::Values(Parser::json, Parser::msgpack));

/// A client in the room "red" that another server hands over, and which says itself what it has heard, comes to a server that
/// has heard `number` from a third one.
class PassageOfWhoKnowsTest : public PassageTest {
 protected:
  static constexpr std::uint32_t kThird = 3;  // the first origin of others where there is one shard

  void hear(std::uint32_t origin, std::uint64_t number, std::string event) {
    auto said = std::make_shared<const Outgoing>(Outgoing::of(event));
    auto& core = *new_one.nsp.core();
    local().broadcast({.rooms = {"red"}, .except = {}}, make_relayed(core, {}, said, {}, Offset{origin, number}));
  }
  std::optional<Restored> take(RecoveryLog::Seen has_heard, RecoveryLog::Seen before_the_question) {
    HandedOver over{.sid = "sid", .rooms = {"red"}, .former = {}, .data = {}, .missed = {}, .seen = std::move(has_heard)};
    over.missed.push_back({.event = Outgoing::of("missed"), .audience = {.rooms = {"red"}}});
    return take_in(*new_one.nsp.core(), shard(), "AAAAAAAAAAAAAAAAAAAA", {}, std::move(over), std::move(before_the_question));
  }
  static std::vector<std::string> names(const Restored& restored) {
    std::vector<std::string> names;
    for (const auto& item : restored.missed) {
      const std::string_view packet = item.message->polling_payload();
      names.emplace_back(packet.substr(4, packet.find('"', 4) - 4));
    }
    return names;
  }
  LocalAdapter& local() { return static_cast<LocalAdapter&>(*new_one.nsp.core()->adapter); }
  net::Shard& shard() { return new_one.io().shards()[0]; }
};

TEST_F(PassageOfWhoKnowsTest, IsToldWhatOnlyItsNewServerHasHeard) {
  new_one.on_shard(0, [&] {
    hear(kThird, 7, "seven");
    hear(kThird, 8, "eight");
    const auto restored = take({0, 0, 0, 7}, {0, 0, 0, 8});
    ASSERT_TRUE(restored);
    EXPECT_THAT(names(*restored), ElementsAre("missed", "eight"));
    EXPECT_EQ(restored->seen, (RecoveryLog::Seen{0, 0, 0, 8}));
  });
}

TEST_F(PassageOfWhoKnowsTest, IsNotToldAgainWhatItsNewServerHearsLater) {
  new_one.on_shard(0, [&] {
    hear(kThird, 7, "seven");
    const auto restored = take({0, 0, 0, 9}, {0, 0, 0, 7});
    ASSERT_TRUE(restored);
    EXPECT_THAT(names(*restored), ElementsAre("missed"));
    EXPECT_EQ(restored->seen[kThird], 9u);
  });
}

TEST_F(PassageTest, AsksForNoneWhoseNameIsNoneOfOurs) {
  RecoveringClient stranger = new_one.client();
  stranger.pid = "not a name";
  stranger.connect();
  EXPECT_FALSE(stranger.recovered);
  EXPECT_EQ(asked, 0);
}

}  // namespace
}  // namespace atrium::socketio
