#include "chat/accounts/attempt_limit.h"

#include <gtest/gtest.h>

#include "tests/support/task_shards.h"

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;

TEST(AttemptLimit, CountsANameOverAllShardsAndReturnsToTheAsker) {
  test::TaskShards runner(1);  // its clock and thread; the limit has shards of its own
  net::ShardSet shards(3, runner[0].clock());
  AttemptLimit limit(shards);
  std::atomic<int> refused = 0;
  std::atomic<int> left = 30;
  const auto ask = [&](net::Shard& shard) -> Task<void> {
    const auto wait = co_await limit.take("alice");
    EXPECT_EQ(net::Shard::current(), &shard);
    refused += wait.has_value();
    if (--left == 0) shards.stop();
  };
  for (std::size_t i = 0; i < 30; ++i) {
    shards[i % 3].post([&ask, &shard = shards[i % 3]] { spawn(ask(shard)); });
  }
  shards.run();
  EXPECT_EQ(refused, 30 - AttemptLimit::kBurst);
}

}  // namespace
}  // namespace atrium::chat
