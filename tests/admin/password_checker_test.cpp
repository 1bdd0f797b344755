#include "admin/password_checker.h"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>

#include "tests/support/event_queue.h"
#include "tests/support/running_shards.h"

namespace atrium::admin {
namespace {

class PasswordCheckerTest : public ::testing::Test {
 protected:
  /// Asks on the shard; its verdict is an event.
  bool ask(PasswordChecker& checker, const std::string& username, const std::string& password = "x") {
    return shards.on(0, [&] {
      return checker.ask(username, password, [this, username](bool right) {
        const bool home = net::Shard::current() == &shards[0];
        events.push(username + (right ? " right" : " wrong") + (home ? "" : " elsewhere"));
      });
    });
  }

  test::RunningShards shards;
  test::EventQueue events;
};

TEST_F(PasswordCheckerTest, TellsTheAskersShardWhatTheCheckSays) {
  PasswordChecker checker([](const std::string& username, const std::string& password) {
    if (net::Shard::current()) throw std::logic_error("blocks a shard");
    return username == "admin" && password == "secret";
  });
  EXPECT_TRUE(ask(checker, "admin", "secret"));
  EXPECT_EQ(events.next(), "admin right");
  EXPECT_TRUE(ask(checker, "admin", "guess"));
  EXPECT_EQ(events.next(), "admin wrong");
  EXPECT_TRUE(ask(checker, "admin", "secret"));
  EXPECT_EQ(events.next(), "admin right");
}

TEST_F(PasswordCheckerTest, TakesAnExceptionForANo) {
  PasswordChecker checker([](const std::string&, const std::string&) -> bool { throw std::runtime_error("no database"); });
  EXPECT_TRUE(ask(checker, "admin"));
  EXPECT_EQ(events.next(), "admin wrong");
}

TEST_F(PasswordCheckerTest, RefusesWhenTooManyWait) {
  std::promise<void> begun;
  std::promise<void> may_end;
  PasswordChecker checker([&](const std::string& username, const std::string&) {
    if (username != "first") return true;
    begun.set_value();
    may_end.get_future().wait();
    return true;
  });
  EXPECT_TRUE(ask(checker, "first"));
  begun.get_future().wait();
  for (std::size_t i = 0; i < PasswordChecker::kMaxWaiting; ++i) EXPECT_TRUE(ask(checker, "waits"));
  EXPECT_FALSE(ask(checker, "one too many"));
  may_end.set_value();
  EXPECT_EQ(events.next(), "first right");
  for (std::size_t i = 0; i < PasswordChecker::kMaxWaiting; ++i) EXPECT_EQ(events.next(), "waits right");
  EXPECT_TRUE(ask(checker, "later"));
  EXPECT_EQ(events.next(), "later right");
}

}  // namespace
}  // namespace atrium::admin
