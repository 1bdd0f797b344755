#include "chat/accounts/passwords.h"

#include <gmock/gmock.h>

#include "tests/support/task_shards.h"

namespace atrium::chat {
namespace {

using ::testing::StartsWith;
using Match = Passwords::Match;

class PasswordsTest : public ::testing::Test {
 protected:
  std::string hash(const std::string& password) { return *shards.await(passwords.hash(password)); }
  Match verify(const std::string& password, std::optional<std::string> hash) {
    return *shards.await(passwords.verify(password, std::move(hash)));
  }

  test::TaskShards shards;
  Passwords passwords;
};

TEST_F(PasswordsTest, AreRightWhenTheyAreThoseThatWereHashed) {
  const std::string hashed = hash("correct horse");
  EXPECT_EQ(verify("correct horse", hashed), Match::right);
  for (const char* wrong : {"", "correct horsf", "correct horse ", "Correct horse"}) {
    EXPECT_EQ(verify(wrong, hashed), Match::wrong) << wrong;
  }
}

TEST_F(PasswordsTest, AreHashedByArgon2idWithASaltEach) {
  const std::string hashed = hash("correct horse");
  EXPECT_THAT(hashed, StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
  EXPECT_NE(hashed, hash("correct horse"));
}

TEST_F(PasswordsTest, CountToTheirLastOctet) {
  const std::string zero("a\0b", 3);
  const std::string hashed = hash(zero);
  EXPECT_EQ(verify(zero, hashed), Match::right);
  EXPECT_EQ(verify(std::string("a\0c", 3), hashed), Match::wrong);
  EXPECT_EQ(verify("a", hashed), Match::wrong);
}

TEST_F(PasswordsTest, OfNobodyAreWrong) {
  EXPECT_EQ(verify("anything", std::nullopt), Match::wrong);
  EXPECT_EQ(verify("anything", ""), Match::wrong);
  EXPECT_EQ(verify("anything", "no hash"), Match::wrong);
}

TEST_F(PasswordsTest, ThatComeTooManyAtOnceAreToldToWait) {
  std::vector<std::future<Outcome<Match>>> running;
  for (std::size_t i = 0; i < Passwords::kMaxWaiting + 40; ++i) {
    running.push_back(shards.start(passwords.verify("x", std::nullopt)));
  }
  std::size_t busy = 0;
  for (auto& one : running) {
    const auto answer = one.get();
    if (answer) continue;
    ++busy;
    EXPECT_EQ(answer.error().status, 503U);
    EXPECT_TRUE(answer.error().retry_after);
  }
  EXPECT_GT(busy, 0U);
  EXPECT_LE(busy, 40U);
  EXPECT_EQ(verify("x", std::nullopt), Match::wrong);
}

}  // namespace
}  // namespace atrium::chat
