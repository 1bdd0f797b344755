#include <gtest/gtest.h>

#include "chat/limits/keyed_buckets.h"
#include "chat/limits/socket_quota.h"
#include "tests/chat/socket_literal.h"

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;
using storage::UserId;

TEST(KeyedBuckets, CountEachKeyByItself) {
  KeyedBuckets buckets(TokenBucket(2, 1s));
  const TimePoint now{1h};
  EXPECT_FALSE(buckets.take("a", now));
  EXPECT_FALSE(buckets.take("a", now));
  EXPECT_EQ(buckets.take("a", now), 1s);
  EXPECT_FALSE(buckets.take("b", now));
  EXPECT_FALSE(buckets.take("a", now + 1s));
}

TEST(KeyedBuckets, HoldNoMoreThanTwiceWhatIsInUse) {
  KeyedBuckets buckets(TokenBucket(5, 1s));
  TimePoint now{1h};
  for (int i = 0; i < 100'000; ++i, now += 1ms) buckets.take(std::to_string(i), now);
  EXPECT_LE(buckets.size(), 2 * KeyedBuckets::kAlwaysKept) << "1 000 are in use at any time";
}

TEST(KeyedBuckets, ForgetNobodyWhoIsHeldBack) {
  KeyedBuckets buckets(TokenBucket(1, 1h));
  TimePoint now{1h};
  buckets.take("him", now);
  for (int i = 0; i < 5'000; ++i, now += 1ms) buckets.take(std::to_string(i), now);
  EXPECT_TRUE(buckets.take("him", now));
}

class SocketQuotaTest : public ::testing::Test {
 protected:
  std::optional<SocketRef> enter(const SocketRef& socket) { return quota.enter(alice, socket, 2); }

  const UserId alice{"alice"};
  SocketQuota quota;
};

TEST_F(SocketQuotaTest, PutsOutTheOldest) {
  EXPECT_FALSE(enter("z"_socket));
  EXPECT_FALSE(enter("a"_socket));
  EXPECT_EQ(enter("b"_socket), "z"_socket);
  EXPECT_EQ(enter("c"_socket), "a"_socket);
}

TEST_F(SocketQuotaTest, CountsNobodyWhoHasLeft) {
  enter("a"_socket);
  enter("b"_socket);
  quota.leave(alice, "a"_socket);
  EXPECT_FALSE(enter("c"_socket));
  EXPECT_EQ(enter("d"_socket), "b"_socket);
  quota.leave(alice, "b"_socket);
  EXPECT_EQ(enter("e"_socket), "c"_socket) << "who was put out counted no more before he left";
}

TEST_F(SocketQuotaTest, CountsEachUser) {
  enter("a"_socket);
  enter("b"_socket);
  EXPECT_FALSE(quota.enter(UserId("bob"), "c"_socket, 2));
}

TEST_F(SocketQuotaTest, KeepsNothingOfThoseWhoAreGone) {
  enter("a"_socket);
  quota.leave(alice, "a"_socket);
  quota.leave(alice, "never was"_socket);
  EXPECT_EQ(quota.user_count(), 0u);
}

}  // namespace
}  // namespace atrium::chat
