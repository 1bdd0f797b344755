#include <gtest/gtest.h>

#include "chat/limits/socket_quota.h"
#include "tests/chat/socket_literal.h"

namespace atrium::chat {
namespace {

using storage::UserId;

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
