#include "chat/messages/cursor.h"

#include <gtest/gtest.h>

namespace atrium::chat {

namespace {

const storage::ChannelId kGeneral("general");

TEST(Cursor, LeadsBackToItsPlace) {
  for (const std::uint64_t seq : {std::uint64_t{0}, std::uint64_t{7}, ~std::uint64_t{0}}) {
    EXPECT_EQ(seq_of_cursor(to_cursor(kGeneral, seq), kGeneral), seq);
  }
}

TEST(Cursor, IsOfNoUseInAnotherChannel) {
  EXPECT_EQ(seq_of_cursor(to_cursor(kGeneral, 7), storage::ChannelId("random")), std::nullopt);
}

TEST(Cursor, IsNothingElse) {
  const std::string cursor = to_cursor(kGeneral, 7);
  for (const std::string& text : {std::string(), std::string("c"), std::string("c7"), cursor + "x", "c0" + cursor.substr(1),
                                  std::string("c99999999999999999999999.x"), std::string("c06e1a2b3c4d5e6f70819a2b")}) {
    EXPECT_EQ(seq_of_cursor(text, kGeneral), std::nullopt) << text;
  }
}

}  // namespace

}  // namespace atrium::chat
