#include "chat/accounts/tickets.h"

#include <gtest/gtest.h>

#include <set>

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;

class TicketsTest : public ::testing::Test {
 protected:
  std::string issue(const std::string& user) { return tickets.issue({.subject = user, .email = {}, .name = {}}, now); }
  std::string redeem(const std::string& ticket) {
    const auto claims = tickets.redeem(ticket, now);
    return claims ? claims->subject : "nobody";
  }

  TimePoint now{1h};
  Tickets tickets;
};

TEST_F(TicketsTest, StandForTheirUserOnce) {
  const std::string ticket = issue("alice");
  EXPECT_EQ(redeem(ticket), "alice");
  EXPECT_EQ(redeem(ticket), "nobody");
}

TEST_F(TicketsTest, AreGoodForAMinute) {
  const std::string ticket = issue("alice");
  const std::string other = issue("bob");
  now += Tickets::kLifetime - 1ms;
  EXPECT_EQ(redeem(ticket), "alice");
  now += 1ms;
  EXPECT_EQ(redeem(other), "nobody");
}

TEST_F(TicketsTest, CannotBeMadeUp) {
  issue("alice");
  EXPECT_EQ(redeem(""), "nobody");
  EXPECT_EQ(redeem("alice"), "nobody");
}

TEST_F(TicketsTest, AreAllDifferentAndFitForAUrl) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string ticket = issue("alice");
    EXPECT_EQ(ticket.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), ticket.npos);
    EXPECT_TRUE(seen.insert(ticket).second);
  }
}

TEST_F(TicketsTest, AreBoundedByLettingTheOldestGo) {
  const std::string first = issue("alice");
  const std::string second = issue("bob");
  for (std::size_t i = 0; i < Tickets::kMax - 1; ++i) issue("mallory");
  EXPECT_EQ(redeem(first), "nobody");
  EXPECT_EQ(redeem(second), "bob");
}

}  // namespace
}  // namespace atrium::chat
