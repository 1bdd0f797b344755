#include "chat/live/activity_log.h"

#include <gmock/gmock.h>

namespace atrium::chat {
namespace {

using storage::ChannelId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

class ActivityLogTest : public ::testing::Test {
 protected:
  void append(const std::string& frame) {
    log.append(ChannelId("general"), nullptr, std::make_shared<const std::string>(frame));
  }
  std::optional<std::vector<std::string>> after(std::string_view id) const {
    const auto entries = log.after(id);
    if (!entries) return std::nullopt;
    std::vector<std::string> frames;
    for (const auto& entry : *entries) frames.push_back(*entry.frame);
    return frames;
  }

  ActivityLog log{"e1", 3};
};

TEST_F(ActivityLogTest, NumbersWhatHappens) {
  EXPECT_EQ(log.last_id(), "e1-0");
  EXPECT_EQ(log.next_id(), "e1-1");
  append("a");
  EXPECT_EQ(log.last_id(), "e1-1");
}

TEST_F(ActivityLogTest, TellsWhatCameAfterAnId) {
  append("a");
  append("b");
  append("c");
  EXPECT_THAT(after("e1-0"), Optional(ElementsAre("a", "b", "c")));
  EXPECT_THAT(after("e1-2"), Optional(ElementsAre("c")));
  EXPECT_THAT(after("e1-3"), Optional(IsEmpty()));
}

TEST_F(ActivityLogTest, KnowsNothingOfWhatItHasDropped) {
  for (const char* frame : {"a", "b", "c", "d", "e"}) append(frame);
  EXPECT_EQ(after("e1-1"), std::nullopt);
  EXPECT_THAT(after("e1-2"), Optional(ElementsAre("c", "d", "e")));
}

TEST_F(ActivityLogTest, KnowsNothingOfIdsThatAreNotItsOwn) {
  append("a");
  for (const char* id : {"", "e1", "e1-", "e1-2", "e1-x", "e1-1x", "e1--1", "e2-0", "e11-0", "e1-99999999999999999999"}) {
    EXPECT_EQ(after(id), std::nullopt) << id;
  }
}

}  // namespace
}  // namespace atrium::chat
