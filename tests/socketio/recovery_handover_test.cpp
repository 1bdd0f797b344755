// How shards hand a client over, without sockets: what is told depends on which shard has heard what by then, and on time.
#include <gmock/gmock.h>

#include <atomic>
#include <functional>

#include "socketio/recovery.h"
#include "socketio/recovery_card.h"
#include "tests/support/running_shards.h"

namespace atrium::socketio {
namespace {

using namespace std::chrono_literals;
using engineio::SharedMessage;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Told = std::vector<std::string>;

/// What a socket is to Recovery.
class Client final : public Recoverable {
 public:
  void give_up() override {
    ++given_up;
    lose();
  }
  State state;
  int given_up = 0;
  std::function<void()> lose;
};

class RecoveryHandoverTest : public ::testing::Test {
 protected:
  explicit RecoveryHandoverTest(unsigned count = 2, RecoveryOptions options = {})
      : shards(count), recovery(std::make_shared<Recovery>(shards.set(), options)) {}
  ~RecoveryHandoverTest() override { shards.stop(); }

  /// Everybody hears `text` of shard 0: it does so at once, the others when hear() says.
  Offset say(const std::string& text) {
    const Offset offset = shards.on(0, [&] { return recovery->next_broadcast(shards[0]); });
    hear(0, offset, text);
    return offset;
  }
  void hear(std::size_t shard, const Offset& offset, const std::string& text) {
    shards.on(shard, [&] {
      recovery->log(shards[shard])
          .append(offset, std::make_shared<const Audience>(), SharedMessage::message(text), shards[shard].clock().now());
    });
  }
  void connect(std::size_t shard) {
    shards.on(shard, [&] {
      client.state.heard = {.connected_at = recovery->log(shards[shard]).end()};
      client.lose = [this, shard] { lose_here(shard); };
      recovery->remember(shards[shard], kPid, client);
    });
  }
  /// A broadcast that the log has already reaches the client.
  void deliver(std::size_t shard, const Offset& offset) {
    shards.on(shard, [&] {
      client.state.heard.last_delivered = *recovery->log(shards[shard]).after(offset) - 1;
      client.state.heard.last = offset;
    });
  }
  void lose(std::size_t shard) {
    shards.on(shard, [&] { lose_here(shard); });
  }
  void lose_here(std::size_t shard) {
    client.state.disconnected_at = recovery->log(shards[shard]).end();
    recovery->save(shards[shard], kPid, client.state);
  }
  std::optional<Restored> restore(std::size_t shard, std::optional<Offset> last = {}) {
    std::promise<std::optional<Restored>> promise;
    shards[shard].post([&] {
      const auto word = last ? std::optional(recovery->to_word(*last)) : std::nullopt;
      recovery->restore(shards[shard], kPid, word, [&](std::optional<Restored> restored) {
        EXPECT_EQ(net::Shard::current(), &shards[shard]) << "where it was asked for";
        promise.set_value(std::move(restored));
      });
    });
    return promise.get_future().get();
  }
  /// The restored client connects; returns what it is told.
  Told come_back(std::size_t shard, std::optional<Offset> last = {}) {
    auto restored = restore(shard, last);
    if (!restored) return {"nothing is known"};
    const Told told = texts(restored->missed);
    client.state.replayed = std::move(restored->missed);
    client.state.seen = std::move(restored->seen);
    connect(shard);
    return told;
  }
  static Told texts(const std::vector<RecoveryLog::Item>& items) {
    Told texts;
    for (const auto& item : items) texts.emplace_back(item.message->polling_payload().substr(1));
    return texts;
  }

  static inline const std::string kPid = "AAAAAAAAAAAAAAAAAAAA";  // at home on shard 0
  test::RunningShards shards;
  const std::shared_ptr<Recovery> recovery;
  Client client;
};

TEST_F(RecoveryHandoverTest, TellsNothingTwiceWhenTheNewShardIsBehind) {
  connect(0);
  const Offset first = say("first");
  const Offset second = say("second");
  deliver(0, second);
  lose(0);
  EXPECT_THAT(come_back(1, first), ElementsAre("second"));
  hear(1, first, "first");
  hear(1, second, "second");
  lose(1);
  EXPECT_THAT(come_back(0, second), IsEmpty());
}

TEST_F(RecoveryHandoverTest, LosesNothingWhenTheNewShardIsBehindAndTheConnectionBreaksAgain) {
  connect(0);
  const Offset first = say("first");
  const Offset second = say("second");
  deliver(0, second);
  lose(0);
  EXPECT_THAT(come_back(1, first), ElementsAre("second"));
  // It heard of the first only now, as of one that the client has; the second did not arrive there either.
  hear(1, first, "first");
  hear(1, second, "second");
  lose(1);
  EXPECT_THAT(come_back(0, first), ElementsAre("second"));
}

TEST_F(RecoveryHandoverTest, TellsWhatTheNewShardHeardBeforeTheOldOne) {
  connect(0);
  lose(0);
  EXPECT_THAT(come_back(1), IsEmpty());
  lose(1);
  const Offset ahead = say("ahead");  // which shard 1 does not know when it hands over
  EXPECT_THAT(come_back(0), ElementsAre("ahead"));
  hear(1, ahead, "ahead");
  lose(0);
  EXPECT_THAT(come_back(1, ahead), IsEmpty());
}

TEST_F(RecoveryHandoverTest, TakesTheClientFromAConnectionThatIsStillThere) {
  connect(0);
  EXPECT_THAT(come_back(1), IsEmpty());
  EXPECT_EQ(client.given_up, 1);
  EXPECT_THAT(come_back(0), IsEmpty());
  EXPECT_EQ(client.given_up, 2);
  // What the old socket does when it ends comes too late.
  shards.on(1, [&] { recovery->save(shards[1], kPid, client.state); });
  shards.on(1, [&] { recovery->forget(shards[1], kPid); });
  shards.settle();
  EXPECT_THAT(come_back(1), IsEmpty());
  EXPECT_EQ(client.given_up, 3);
}

TEST_F(RecoveryHandoverTest, GivesAClientToOneOfTwoWhoAskAtOnce) {
  connect(0);
  lose(0);
  std::promise<int> both;
  std::atomic<int> answers = 0;
  std::atomic<int> restored = 0;
  for (const std::size_t shard : {0u, 1u}) {
    shards[shard].post([&, shard] {
      recovery->restore(shards[shard], kPid, {}, [&](const std::optional<Restored>& found) {
        if (found) ++restored;
        if (++answers == 2) both.set_value(restored);
      });
    });
  }
  EXPECT_EQ(both.get_future().get(), 1);
}

TEST_F(RecoveryHandoverTest, PutsBackWhoIsGoneBeforeItCouldComeBack) {
  connect(0);
  const Offset first = say("first");
  deliver(0, first);
  lose(0);
  auto restored = restore(1);
  ASSERT_TRUE(restored);
  const Offset second = say("second");
  hear(1, first, "first");
  hear(1, second, "second");
  shards.on(1, [&] { recovery->put_back(shards[1], std::move(*restored)); });
  EXPECT_THAT(come_back(0), ElementsAre("first", "second"));
  lose(0);
  EXPECT_THAT(come_back(1, first), ElementsAre("second"));
}

TEST_F(RecoveryHandoverTest, DoesNotTakeTheWordOfAnotherServer) {
  connect(0);
  const Offset first = say("first");
  deliver(0, first);
  lose(0);
  const Recovery other(shards.set(), {});
  std::promise<bool> found;
  shards[0].post([&] {
    recovery->restore(shards[0], kPid, other.to_word(first),
                      [&](const std::optional<Restored>& restored) { found.set_value(restored.has_value()); });
  });
  EXPECT_FALSE(found.get_future().get());
}

/// One shard, whose clock the test moves.
class RecoveryInTime : public RecoveryHandoverTest {
 protected:
  RecoveryInTime() : RecoveryHandoverTest(1, {.max_disconnection_duration = 120s}) {
    recovery->on_waiting([this](int change) { waiting += change; });
  }
  int waiting = 0;  ///< of the shard, or when that is settled
};

TEST_F(RecoveryInTime, WaitsForALostClientSoLong) {
  connect(0);
  lose(0);
  shards.advance(120s - 1ms);
  EXPECT_THAT(come_back(0), IsEmpty());
  lose(0);
  EXPECT_EQ(waiting, 1);
  shards.advance(120s);
  EXPECT_EQ(waiting, 0);
  EXPECT_THAT(come_back(0), ElementsAre("nothing is known"));
}

TEST_F(RecoveryInTime, CountsThoseForWhomItWaits) {
  connect(0);
  EXPECT_EQ(waiting, 0);
  lose(0);
  EXPECT_EQ(waiting, 1);
  come_back(0);
  EXPECT_EQ(waiting, 0);
  lose(0);
  auto restored = restore(0);
  EXPECT_EQ(waiting, 0);
  shards.on(0, [&] { recovery->put_back(shards[0], std::move(*restored)); });
  EXPECT_EQ(waiting, 1);
  shards.advance(120s);
  EXPECT_EQ(waiting, 0);
}

TEST_F(RecoveryInTime, DoesNotCareHowLongAClientWasQuietBeforeItWasLost) {
  connect(0);
  const Offset first = say("first");
  deliver(0, first);
  shards.advance(10h);
  lose(0);
  say("missed");
  EXPECT_THAT(come_back(0, first), ElementsAre("missed"));
}

TEST_F(RecoveryInTime, KeepsOfWhatWasToldAgainOnlyTheNameOfTheLastWhenItIsOld) {
  std::optional<Comeback> comeback;
  shards.on(0, [&] {
    comeback.emplace(
        Restored{.missed = {{{0, 1}, SharedMessage::message("first")}, {{0, 2}, SharedMessage::message("second")}}});
    shards[0].deadlines().arm(comeback->replay_age, 120s);
  });
  shards.advance(120s);
  const auto& missed = comeback->restored.missed;
  ASSERT_EQ(missed.size(), 1u);
  EXPECT_EQ(missed.front().offset, (Offset{0, 2}));
  EXPECT_EQ(missed.front().message, nullptr);
  client.state.replayed = missed;
  client.state.seen = {2, 0};
  connect(0);
  lose(0);
  EXPECT_THAT(come_back(0, Offset{0, 2}), IsEmpty());
  client.state.replayed = missed;
  lose(0);
  EXPECT_THAT(come_back(0, Offset{0, 1}), ElementsAre("nothing is known")) << "the second cannot be told again";
  shards.on(0, [&] { comeback.reset(); });
}

TEST_F(RecoveryInTime, BeginsAnewWhenWhatWasInFlightIsTooOld) {
  connect(0);
  const Offset first = say("first");
  const Offset second = say("second");
  deliver(0, second);
  shards.advance(121s);
  lose(0);
  EXPECT_THAT(come_back(0, first), ElementsAre("nothing is known"));
}

}  // namespace
}  // namespace atrium::socketio
