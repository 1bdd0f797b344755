#include "chat/presence/status_choice.h"

#include <gtest/gtest.h>

#include "base/timestamp.h"
#include "tests/support/manual_clock.h"

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;
using events::StatusWord;
using storage::UserId;

class StatusChoiceTest : public ::testing::Test {
 protected:
  Outcome<storage::ChosenStatus> stored(StatusWord status, std::optional<std::string> until = std::nullopt) const {
    return to_stored(UserId("alice"), {.status = status, .until = std::move(until)}, clock.wall());
  }
  std::string in(std::chrono::milliseconds time) const { return to_iso8601(clock.wall() + time); }

  test::ManualClock clock;
};

TEST_F(StatusChoiceTest, GoesThroughTheDatabaseUnchanged) {
  for (const StatusWord word : {StatusWord::dnd, StatusWord::invisible}) {
    const auto choice = to_choice(*stored(word, in(1h)), clock);
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->until, clock.now() + 1h);
    EXPECT_EQ(to_own_status(choice).status, word);
    EXPECT_EQ(to_own_status(choice).until, in(1h));
  }
  EXPECT_EQ(to_choice(*stored(StatusWord::dnd), clock)->until, std::nullopt);
  EXPECT_EQ(to_choice(*stored(StatusWord::online), clock), std::nullopt) << "as he is";
  EXPECT_EQ(to_own_status(std::nullopt).status, StatusWord::online);
}

TEST_F(StatusChoiceTest, WantsATimeThatIsOneAndToCome) {
  for (const std::string& until : {std::string("tomorrow"), in(0ms), in(-1h), in(367 * 24h), std::string("9999-01-01T00:00:00Z")}) {
    const auto refused = stored(StatusWord::dnd, until);
    ASSERT_FALSE(refused) << until;
    EXPECT_EQ(refused.error().code, "VALIDATION_FAILED");
    EXPECT_EQ(refused.error().field, "until");
  }
  EXPECT_FALSE(stored(StatusWord::online, in(1h))) << "there is nothing that could end";
  EXPECT_TRUE(stored(StatusWord::dnd, in(1ms)));
}

}  // namespace
}  // namespace atrium::chat
