#include "chat/accounts/known_tokens.h"

#include <gtest/gtest.h>

#include "tests/support/manual_clock.h"
#include "tests/support/task_shards.h"

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;

class KnownTokensTest : public ::testing::Test {
 protected:
  std::string verdict(std::string token) { return shards.await(verify(std::move(token))); }
  std::string minted(std::chrono::seconds lifetime) { return authority.mint({.subject = "alice"}, clock.wall(), lifetime); }

  test::ManualClock clock;
  TokenAuthority authority{TokenRules{.secret = "a secret that is long enough for HS256", .leeway = 0s}};
  KnownTokens tokens{authority, 1};
  test::TaskShards shards;

 private:
  Task<std::string> verify(std::string token) {
    const auto claims = tokens.verify(token, clock.wall());
    if (claims) co_return "ok " + claims->subject;
    co_return claims.error() == TokenError::expired ? "expired" : "invalid";
  }
};

TEST_F(KnownTokensTest, AKnownTokenExpiresAsAnyOther) {
  const std::string token = minted(60s);
  EXPECT_EQ(verdict(token), "ok alice");
  EXPECT_EQ(verdict(token), "ok alice");
  clock.advance(61s);
  EXPECT_EQ(verdict(token), "expired");
}

TEST_F(KnownTokensTest, AKnownTokenWithAnotherSignatureIsNotKnown) {
  std::string token = minted(60s);
  EXPECT_EQ(verdict(token), "ok alice");
  token[token.rfind('.') + 1] ^= 1;
  EXPECT_EQ(verdict(token), "invalid");
  EXPECT_EQ(verdict(token), "invalid");
}

TEST_F(KnownTokensTest, ATokenThatIsNotGoodYetBecomesGood) {
  const std::string later = authority.mint({.subject = "alice"}, clock.wall() + 30s, 60s);
  EXPECT_EQ(verdict(later), "invalid");
  clock.advance(31s);
  EXPECT_EQ(verdict(later), "ok alice");
}

}  // namespace
}  // namespace atrium::chat
