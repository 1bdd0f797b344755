// What a recovered client is told of things that began and ended while it was away: how they stand, not how they got there.
#include <gmock/gmock.h>

#include <map>
#include <random>

#include "socketio/recovery_log.h"
#include "tests/support/recovery_server.h"

namespace atrium::socketio {
namespace {

using test::RecoveryServer;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Writes items as "a+", "a~", "a-" (a begins, changes, ends); without a sign: an item of no episode.
class Missed final {
 public:
  Missed() = default;
  Missed(std::initializer_list<std::string> words) {
    for (const auto& word : words) add(word);
  }
  void add(const std::string& word) {
    using Part = Episode::Part;
    static const std::map<char, Part> kParts{{'+', Part::begin}, {'~', Part::change}, {'-', Part::end}};
    const auto part = kParts.find(word.back());
    RecoveryLog::Item item{.offset = {0, words_.size()}, .message = nullptr};
    if (part != kParts.end()) item.episode = {.id = static_cast<std::uint64_t>(word.front()), .part = part->second};
    words_.push_back(word);
    items_.push_back(std::move(item));
  }
  std::vector<std::string> settled() {
    RecoveryLog::settle(items_);
    std::vector<std::string> left;
    for (const auto& item : items_) left.push_back(words_[item.offset.number]);
    return left;
  }

 private:
  std::vector<std::string> words_;
  std::vector<RecoveryLog::Item> items_;
};

TEST(Episode, ThatBeganAndEndedIsToldByNeither) { EXPECT_THAT(Missed({"a+", "b+", "a-"}).settled(), ElementsAre("b+")); }

TEST(Episode, ThatEndedAndBeganAgainIsToldByNeither) { EXPECT_THAT(Missed({"a-", "a+"}).settled(), IsEmpty()); }

TEST(Episode, ThatTurnedOddlyOftenIsToldByTheLastTurn) {
  EXPECT_THAT(Missed({"a+", "a-", "x", "a+"}).settled(), ElementsAre("x", "a+"));
  EXPECT_THAT(Missed({"a-", "a+", "a-"}).settled(), ElementsAre("a-"));
}

TEST(Episode, ThatEndedIsNotToldHowItChanged) {
  EXPECT_THAT(Missed({"a+", "a~", "a~", "a-"}).settled(), IsEmpty());
  EXPECT_THAT(Missed({"a~", "a-"}).settled(), ElementsAre("a-"));
}

TEST(Episode, ThatGoesOnIsToldWithItsChangesInOrder) {
  EXPECT_THAT(Missed({"a+", "x", "a~", "a~"}).settled(), ElementsAre("a+", "x", "a~", "a~"));
}

TEST(Episode, IsNoMatterOfOthers) { EXPECT_THAT(Missed({"a+", "b-", "x", "x"}).settled(), ElementsAre("a+", "b-", "x", "x")); }

TEST(Episode, LeavesWhoHeardAnyPartWhereWhoHeardAllIs) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    // Three things, each on or off; whatever happened until the loss, the client has heard.
    std::vector<bool> on(3);
    const auto turn = [&](std::vector<bool>& state, const std::string& word) {
      const auto which = static_cast<std::size_t>(word.front() - 'a');
      EXPECT_NE(state[which], word.back() == '+') << "beginnings and ends of an episode alternate for each client";
      state[which] = word.back() == '+';
    };
    const auto next = [&] {
      const auto which = random() % 3;
      return std::string(1, static_cast<char>('a' + which)) + (on[which] ? "-" : "+");
    };
    for (auto heard = random() % 10; heard > 0; --heard) turn(on, next());
    std::vector<bool> client = on;
    Missed missed;
    for (auto count = random() % 20; count > 0; --count) {
      const std::string word = next();
      turn(on, word);
      missed.add(word);
    }
    for (const auto& word : missed.settled()) turn(client, word);
    EXPECT_EQ(client, on);
  }
}

using Part = Episode::Part;
constexpr std::uint64_t kLight = 1;
constexpr std::uint64_t kDoor = 2;

TEST(EpisodeOfAnEvent, SettlesWhatARecoveredClientIsTold) {
  RecoveryServer server;
  server.start();
  auto client = server.join();
  server.lose(client);
  server.on_shard(0, [&] {
    server.nsp.everyone().in_episode({.id = kLight, .part = Part::begin}).emit("on");
    server.nsp.everyone().in_episode({.id = kDoor, .part = Part::begin}).emit("open");
    server.nsp.everyone().in_episode({.id = kLight, .part = Part::end}).emit("off");
  });
  EXPECT_THAT(client.connect(), ElementsAre(R"(["open"])"));
}

TEST(EpisodeOfAnEvent, HoldsAcrossWhatWasSaidToOneSocketAndToAll) {
  RecoveryServer server;
  server.start();
  auto client = server.join();
  server.on_socket(client.sid, [](Socket& socket) { socket.in_episode({.id = kLight, .part = Part::begin}).emit("on"); });
  EXPECT_EQ(client.next(), R"(["on"])");
  server.lose(client);
  server.on_shard(0, [&] { server.nsp.everyone().in_episode({.id = kLight, .part = Part::end}).emit("off"); });
  EXPECT_THAT(client.connect(), ElementsAre(R"(["off"])"));
}

TEST(RoomThatIsLeftAtTheDoor, IsToldOfNoMore) {
  RecoveryServer server(1, {.skip_middlewares = false});
  server.nsp.use([](Socket& socket, const Next& next) {
    if (socket.recovered()) {
      EXPECT_THAT(socket.rooms(), ::testing::UnorderedElementsAre("red", "blue", socket.id()));
      socket.leave("red");
    }
    next(std::nullopt);
  });
  server.start();
  auto client = server.join();
  server.on_socket(client.sid, [](Socket& socket) {
    socket.join("red");
    socket.join("blue");
  });
  server.lose(client);
  server.on_shard(0, [&] {
    server.nsp.to("red").emit("secret");
    server.nsp.to("blue").emit("news");
    server.nsp.to("red").to("blue").emit("for either");
    server.nsp.to(client.sid).emit("for it alone");
  });
  EXPECT_THAT(client.connect(), ElementsAre(R"(["news"])", R"(["for either"])", R"(["for it alone"])"));
  server.on_socket(client.sid,
                   [](Socket& socket) { EXPECT_THAT(socket.rooms(), ::testing::UnorderedElementsAre("blue", socket.id())); });
}

}  // namespace
}  // namespace atrium::socketio
