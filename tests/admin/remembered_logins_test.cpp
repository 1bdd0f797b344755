#include "admin/remembered_logins.h"

#include <gmock/gmock.h>

#include "tests/support/manual_clock.h"

namespace atrium::admin {
namespace {

using namespace std::chrono_literals;

class RememberedLoginsTest : public ::testing::Test {
 protected:
  test::ManualClock clock;
  RememberedLogins logins;
};

TEST_F(RememberedLoginsTest, KnowsAnIdOf16HexadecimalDigits) {
  const std::string id = logins.add(clock.now());
  EXPECT_THAT(id, ::testing::MatchesRegex("[0-9a-f]{16}"));
  EXPECT_TRUE(logins.knows(id, clock.now()));
  EXPECT_FALSE(logins.knows("0123456789abcdef", clock.now()));
  EXPECT_FALSE(logins.knows("", clock.now()));
}

TEST_F(RememberedLoginsTest, NeverGivesTheSameIdTwice) { EXPECT_NE(logins.add(clock.now()), logins.add(clock.now())); }

TEST_F(RememberedLoginsTest, ForgetsAfterADay) {
  const std::string first = logins.add(clock.now());
  clock.advance(1h);
  const std::string second = logins.add(clock.now());
  clock.advance(23h - 1ms);
  EXPECT_TRUE(logins.knows(first, clock.now()));
  clock.advance(1ms);
  EXPECT_FALSE(logins.knows(first, clock.now()));
  EXPECT_TRUE(logins.knows(second, clock.now()));
}

TEST_F(RememberedLoginsTest, ForgetsTheOldestWhenThereAreTooMany) {
  const std::string first = logins.add(clock.now());
  const std::string second = logins.add(clock.now());
  for (std::size_t i = 0; i < RememberedLogins::kMax - 1; ++i) logins.add(clock.now());
  EXPECT_FALSE(logins.knows(first, clock.now()));
  EXPECT_TRUE(logins.knows(second, clock.now()));
}

}  // namespace
}  // namespace atrium::admin
