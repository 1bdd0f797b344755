#include "chat/failure.h"

#include <gtest/gtest.h>

namespace atrium::chat {

struct Wish {
  std::string channelId;
  std::optional<std::int64_t> count;
};
BOOST_DESCRIBE_STRUCT(Wish, (), (channelId, count))

namespace {

TEST(Failure, NamesTheFieldThatIsToBlame) {
  const auto wish = parse<Wish>(json::parse(R"({"channelId":7})"));
  ASSERT_FALSE(wish);
  EXPECT_EQ(wish.error().status, 422u);
  EXPECT_EQ(wish.error().code, "VALIDATION_FAILED");
  EXPECT_EQ(wish.error().field, "channelId");
  EXPECT_EQ(wish.error().message, "'channelId' must be a string.");
}

TEST(Failure, SpeaksOfThePayloadWhenNoFieldIsToBlame) {
  const auto wish = parse<Wish>(json::parse(R"("general")"));
  ASSERT_FALSE(wish);
  EXPECT_EQ(wish.error().field, "");
  EXPECT_EQ(wish.error().message, "The payload must be an object.");
}

TEST(Failure, IsNoneOfAGoodPayload) {
  const auto wish = parse<Wish>(json::parse(R"({"channelId":"general","count":3,"more":true})"));
  ASSERT_TRUE(wish);
  EXPECT_EQ(wish->channelId, "general");
  EXPECT_EQ(wish->count, 3);
}

TEST(Failure, SaysWhatAStoreRefused) {
  using storage::StoreError;
  EXPECT_EQ(to_failure(StoreError::not_found).code, "MESSAGE_NOT_FOUND");
  EXPECT_EQ(to_failure(StoreError::channel_not_found).code, "CHANNEL_NOT_FOUND");
  EXPECT_EQ(to_failure(StoreError::name_taken).code, "CHANNEL_NAME_EXISTS");
  EXPECT_EQ(to_failure(StoreError::not_author).code, "NOT_MESSAGE_AUTHOR");
  EXPECT_EQ(to_failure(StoreError::idempotency_conflict).code, "IDEMPOTENCY_KEY_REUSED");
  EXPECT_EQ(to_failure(StoreError::idempotency_conflict).field, "clientMsgId");
  EXPECT_EQ(to_failure(StoreError::unavailable).status, 503u);
}

}  // namespace
}  // namespace atrium::chat
