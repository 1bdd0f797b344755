#include "socketio/ack_table.h"

#include <gmock/gmock.h>

#include "tests/support/manual_clock.h"

namespace atrium::socketio {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class AckTableTest : public ::testing::Test {
 protected:
  /// Writes "name: what came of it" into the log.
  AckCallback note(std::string name) {
    return [this, name = std::move(name)](const Result<AckAnswer, AckError>& result) {
      log.push_back(name + ": " + (result ? json::serialize(result->args) : std::string(to_string(result.error()))));
    };
  }
  /// The id of the question; none when it was not taken.
  std::optional<std::uint64_t> add(AckCallback callback, Duration timeout) {
    const std::uint64_t id = next_id++;
    return table.add(id, callback, timeout) ? std::optional(id) : std::nullopt;
  }
  void pass(Duration time) {
    clock.advance(time);
    deadlines.expire();
  }

  test::ManualClock clock;
  net::DeadlineQueue deadlines{clock};
  AckTable table{deadlines};
  std::uint64_t next_id = 0;
  std::vector<std::string> log;
};

TEST_F(AckTableTest, BringsEachAnswerToItsQuestion) {
  const auto first = add(note("first"), 1s);
  const auto second = add(note("second"), 1s);
  ASSERT_TRUE(first && second);
  EXPECT_NE(*first, *second);
  table.answer(*second, {.args = {"b", 2}, .attachments = {}});
  table.answer(*first, {.args = {}, .attachments = {}});
  EXPECT_THAT(log, ElementsAre(R"(second: ["b",2])", "first: []"));
}

TEST_F(AckTableTest, AnswersOnce) {
  const auto id = *add(note("it"), 1s);
  table.answer(id, {.args = {1}, .attachments = {}});
  table.answer(id, {.args = {2}, .attachments = {}});
  pass(1h);
  table.close();
  EXPECT_THAT(log, ElementsAre("it: [1]"));
}

TEST_F(AckTableTest, IgnoresAnswersToNoQuestion) {
  table.answer(0, {.args = {1}, .attachments = {}});
  const auto id = *add(note("it"), 1s);
  table.answer(id + 1, {.args = {2}, .attachments = {}});
  EXPECT_THAT(log, IsEmpty());
}

TEST_F(AckTableTest, WaitsAsLongAsItWasTold) {
  const auto slow = *add(note("slow"), 2s);
  add(note("fast"), 1s);
  pass(1s - 1ns);
  EXPECT_THAT(log, IsEmpty());
  pass(1ns);
  EXPECT_THAT(log, ElementsAre("fast: operation has timed out"));
  table.answer(slow, {.args = {1}, .attachments = {}});
  pass(1h);
  EXPECT_THAT(log, ElementsAre("fast: operation has timed out", "slow: [1]"));
}

TEST_F(AckTableTest, IgnoresAnAnswerThatComesTooLate) {
  const auto id = *add(note("it"), 1s);
  pass(1s);
  table.answer(id, {.args = {1}, .attachments = {}});
  EXPECT_THAT(log, ElementsAre("it: operation has timed out"));
}

TEST_F(AckTableTest, TellsAllWhoWaitThatTheSocketHasGone) {
  add(note("it"), 1s);
  add(note("it"), 2s);
  table.close();
  EXPECT_THAT(log, ElementsAre("it: socket has been disconnected", "it: socket has been disconnected"));
  pass(1h);
  EXPECT_EQ(log.size(), 2u);
}

TEST_F(AckTableTest, MayBeAskedAgainByAnAnswer) {
  const auto id = *add(
      [this](const Result<AckAnswer, AckError>&) {
        log.push_back("asks again");
        add(note("second"), 1s);
      },
      1s);
  table.answer(id, {});
  pass(1s);
  EXPECT_THAT(log, ElementsAre("asks again", "second: operation has timed out"));
}

TEST_F(AckTableTest, MayBeAskedAgainByATimeout) {
  add([this](const Result<AckAnswer, AckError>&) { add(note("second"), 1s); }, 1s);
  pass(1s);
  pass(1s);
  EXPECT_THAT(log, ElementsAre("second: operation has timed out"));
}

TEST_F(AckTableTest, IsBounded) {
  std::vector<std::uint64_t> ids;
  for (std::size_t i = 0; i < AckTable::kMaxOpen; ++i) ids.push_back(*add(note("one of many"), 1s));
  EXPECT_FALSE(add(note("one too many"), 1s));
  EXPECT_TRUE(log.empty());
  table.answer(ids.front(), {});
  EXPECT_TRUE(add(note("there is room again"), 1s));
}

TEST_F(AckTableTest, WaitsForEverWithoutATimeout) {
  const auto id = *add(note("it"), Duration::zero());
  pass(24h);
  EXPECT_THAT(log, IsEmpty());
  table.answer(id, {.args = {1}, .attachments = {}});
  EXPECT_THAT(log, ElementsAre("it: [1]"));
}

TEST_F(AckTableTest, TakesItsDeadlinesWithIt) {
  {
    AckTable short_lived(deadlines);
    AckCallback callback = note("it");
    short_lived.add(0, callback, 1s);
  }
  pass(1s);
  EXPECT_THAT(log, IsEmpty());
}

}  // namespace
}  // namespace atrium::socketio
