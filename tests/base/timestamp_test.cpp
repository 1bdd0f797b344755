#include "base/timestamp.h"

#include <gtest/gtest.h>

namespace atrium {
namespace {

TEST(Timestamp, ReadsAsJavaScriptWritesIt) {
  EXPECT_EQ(to_iso8601(WallTime(std::chrono::milliseconds(0))), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_iso8601(WallTime(std::chrono::milliseconds(1'700'000'000'007))), "2023-11-14T22:13:20.007Z");
}

TEST(Timestamp, ReadsOnBeforeTheEpoch) {
  EXPECT_EQ(to_iso8601(WallTime(std::chrono::milliseconds(-1))), "1969-12-31T23:59:59.999Z");
}

}  // namespace
}  // namespace atrium
