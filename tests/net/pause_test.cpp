#include "net/pause.h"

#include <gtest/gtest.h>

#include "base/task.h"
#include "tests/support/running_shards.h"

namespace atrium::net {
namespace {

using namespace std::chrono_literals;

Task<void> write_down_after(Duration duration, std::vector<int>& log, int what) {
  co_await pause(duration);
  log.push_back(what);
}

TEST(Pause, EndsWhenItsTimeIsOverAndOnItsShard) {
  test::RunningShards shards(1);
  std::vector<int> log;
  shards.on(0, [&] {
    spawn(write_down_after(10ms, log, 2));
    spawn(write_down_after(5ms, log, 1));
  });
  shards.advance(5ms);
  EXPECT_EQ(shards.on(0, [&] { return log; }), std::vector<int>({1}));
  shards.advance(5ms - 1ns);
  EXPECT_EQ(shards.on(0, [&] { return log; }), std::vector<int>({1}));
  shards.advance(1ns);
  EXPECT_EQ(shards.on(0, [&] { return log; }), std::vector<int>({1, 2}));
}

}  // namespace
}  // namespace atrium::net
