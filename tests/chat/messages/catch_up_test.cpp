#include "chat/messages/catch_up.h"

#include <gmock/gmock.h>

#include <random>

#include "tests/chat/socket_literal.h"

namespace atrium::chat {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = MessageFrame::Kind;

MessageFrame said(std::uint64_t seq, std::uint64_t mod_seq) { return {Kind::created, seq, mod_seq, nullptr}; }
MessageFrame edited(std::uint64_t seq, std::uint64_t mod_seq) { return {Kind::edited, seq, mod_seq, nullptr}; }

/// As read from the database at `now`, the messages above `since`.
Backfill read(std::uint64_t since, storage::ChannelCounts now, std::vector<MessageFrame> frames) {
  const std::uint64_t to = frames.empty() ? since : frames.back().seq;
  Backfill backfill{.by = Backfill::By::seq, .told = {}, .now = now, .frames = std::move(frames)};
  backfill.told = {.from = since + 1, .to = to, .more = to < now.last_seq, .tooOld = false};
  return backfill;
}

std::vector<std::uint64_t> mods(const std::vector<MessageFrame>& frames) {
  std::vector<std::uint64_t> mods;
  for (const MessageFrame& frame : frames) mods.push_back(frame.mod_seq);
  return mods;
}

class CatchUpTest : public testing::Test {
 protected:
  CatchUpTest() { catch_up_.begin(kSocket); }

  std::vector<std::uint64_t> end(Backfill& backfill) {
    catch_up_.end(kSocket, backfill);
    return mods(backfill.frames);
  }

  const SocketRef kSocket{"a", 0};
  CatchUp catch_up_;
};

TEST_F(CatchUpTest, WhatIsSaidMeanwhileComesAfterWhatWasMissed) {
  EXPECT_THAT(catch_up_.keep_back(said(3, 3)), ElementsAre("a"));
  Backfill backfill = read(1, {.last_seq = 2, .mod_seq = 2}, {said(2, 2)});
  EXPECT_THAT(end(backfill), ElementsAre(2, 3));
  EXPECT_THAT(catch_up_.keep_back(said(4, 4)), IsEmpty());
}

TEST_F(CatchUpTest, WhatWasReadAlreadyIsNotToldAgain) {
  catch_up_.keep_back(said(2, 2));
  catch_up_.keep_back(said(3, 3));
  Backfill backfill = read(1, {.last_seq = 2, .mod_seq = 2}, {said(2, 2)});
  EXPECT_THAT(end(backfill), ElementsAre(2, 3));
}

TEST_F(CatchUpTest, AnEditIsToldUnlessTheMessageWasReadWithIt) {
  catch_up_.keep_back(edited(2, 4));
  catch_up_.keep_back(edited(3, 5));
  Backfill backfill = read(1, {.last_seq = 3, .mod_seq = 4}, {said(2, 4), said(3, 3)});
  EXPECT_THAT(end(backfill), ElementsAre(4, 3, 5));
}

TEST_F(CatchUpTest, AnEditOfAMessageThatWasNotMissedIsTold) {
  catch_up_.keep_back(edited(1, 3));
  Backfill backfill = read(1, {.last_seq = 2, .mod_seq = 3}, {said(2, 2)});
  EXPECT_THAT(end(backfill), ElementsAre(2, 3));
}

TEST_F(CatchUpTest, WhereMoreIsToBeFetchedOnlyWhatIsAboveTheAnswerIsTold) {
  catch_up_.keep_back(said(5, 5));
  catch_up_.keep_back(edited(4, 6));
  catch_up_.keep_back(said(6, 7));
  Backfill backfill = read(1, {.last_seq = 5, .mod_seq = 5}, {said(2, 2), said(3, 3)});
  EXPECT_THAT(end(backfill), ElementsAre(2, 3, 7));
}

TEST_F(CatchUpTest, ByChangesOnlyWhatIsAboveTheLastOneIsTold) {
  catch_up_.keep_back(edited(1, 4));
  catch_up_.keep_back(edited(1, 5));
  Backfill backfill{.by = Backfill::By::mod_seq, .told = {}, .now = {.last_seq = 2, .mod_seq = 4}, .frames = {edited(1, 4)}};
  EXPECT_THAT(end(backfill), ElementsAre(4, 5));
}

TEST_F(CatchUpTest, TooMuchToBeKeptMeansToBeginAnewWhereLiveBegins) {
  for (std::uint64_t seq = 1; seq <= CatchUp::kKept + 2; ++seq) catch_up_.keep_back(said(seq, seq));
  Backfill backfill = read(0, {.last_seq = 1, .mod_seq = 1}, {said(1, 1)});
  EXPECT_THAT(end(backfill), ElementsAre(CatchUp::kKept + 1, CatchUp::kKept + 2));
  EXPECT_TRUE(backfill.told.more && backfill.told.tooOld);
  EXPECT_EQ(backfill.now, (storage::ChannelCounts{.last_seq = CatchUp::kKept, .mod_seq = CatchUp::kKept}));
}

TEST_F(CatchUpTest, OneSocketIsKeptApartFromAnother) {
  catch_up_.keep_back(said(1, 1));
  catch_up_.begin({"b", 1});
  EXPECT_THAT(catch_up_.keep_back(said(2, 2)), ElementsAre("a", "b"));
  EXPECT_THAT(mods(catch_up_.give_up({"b", 1})), ElementsAre(2));
  EXPECT_THAT(mods(catch_up_.give_up(kSocket)), ElementsAre(1, 2));
}

TEST_F(CatchUpTest, WhoHasGoneWaitsForNothing) {
  catch_up_.forget(kSocket);
  EXPECT_FALSE(catch_up_.waits(kSocket));
  EXPECT_THAT(catch_up_.keep_back(said(1, 1)), IsEmpty());
}

/// The channel as the database has it, and as its home tells it: some commits later.
struct Channel {
  std::vector<MessageFrame> log;  ///< every change, by mod_seq
  std::size_t told = 0;           ///< of them

  std::uint64_t last_seq() const { return last_seq_of(log.size()); }
  std::uint64_t last_told() const { return last_seq_of(told); }
  std::uint64_t last_seq_of(std::size_t changes) const {
    std::uint64_t last = 0;
    for (std::size_t i = 0; i < changes; ++i) last = std::max(last, log[i].seq);
    return last;
  }
  void change(std::mt19937& random) {
    const bool is_new = log.empty() || random() % 3 > 0;
    const std::uint64_t seq = is_new ? last_seq() + 1 : 1 + random() % last_seq();
    log.push_back({is_new ? Kind::created : Kind::edited, seq, log.size() + 1, nullptr});
  }
  /// Each message above `since` and up to `to`, as it is now.
  std::vector<MessageFrame> messages(std::uint64_t since, std::uint64_t to) const {
    std::vector<MessageFrame> found;
    for (std::uint64_t seq = since + 1; seq <= to; ++seq) {
      MessageFrame frame = said(seq, 0);
      for (const MessageFrame& each : log) {
        if (each.seq == seq) frame.mod_seq = each.mod_seq;
      }
      found.push_back(frame);
    }
    return found;
  }
};

TEST(CatchUpInterleaved, NothingIsMissedAndNothingComesTwice) {
  std::mt19937 random(11);
  for (int round = 0; round < 500; ++round) {
    Channel channel;
    std::map<std::uint64_t, std::uint64_t> view;  // of the client: seq -> the last change it knows
    CatchUp catch_up;
    const SocketRef socket{"a", 0};
    std::uint64_t last = 0;
    const auto hear = [&](const MessageFrame& frame) {
      if (frame.kind == Kind::created) {
        ASSERT_EQ(frame.seq, ++last) << "in round " << round;
      } else {
        ASSERT_LE(frame.seq, last) << "in round " << round;
      }
      ASSERT_LT(view[frame.seq], frame.mod_seq) << "told twice in round " << round;
      view[frame.seq] = frame.mod_seq;
    };
    const auto go_on = [&](bool joined) {
      for (auto steps = random() % 6; steps > 0; --steps) {
        if (random() % 2) {
          channel.change(random);
        } else if (channel.told < channel.log.size()) {
          const MessageFrame frame = channel.log[channel.told++];
          if (catch_up.keep_back(frame).empty() && joined) hear(frame);
        }
      }
    };

    go_on(false);
    const std::uint64_t since = random() % (channel.last_told() + 1);
    last = since;
    catch_up.begin(socket);
    const std::size_t from_here = channel.told;
    go_on(true);
    const storage::ChannelCounts now{.last_seq = channel.last_seq(), .mod_seq = channel.log.size()};
    go_on(true);
    Backfill backfill = read(since, now, channel.messages(since, now.last_seq));
    go_on(true);
    // Settled: what was committed until now has been told.
    for (const std::size_t committed = channel.log.size(); channel.told < committed;) go_on(true);
    catch_up.end(socket, backfill);
    for (const MessageFrame& frame : backfill.frames) hear(frame);
    go_on(true);
    while (channel.told < channel.log.size()) hear(channel.log[channel.told++]);

    ASSERT_EQ(last, channel.last_seq());
    for (const MessageFrame& frame : channel.messages(0, last)) {
      const bool changed_since = frame.seq > since || frame.mod_seq > from_here;
      if (changed_since) {
        ASSERT_EQ(view[frame.seq], frame.mod_seq) << "missed in round " << round;
      }
    }
  }
}

}  // namespace

}  // namespace atrium::chat
