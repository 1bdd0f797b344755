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

TEST(Timestamp, IsReadAsItIsWritten) {
  for (const auto milliseconds : std::initializer_list<std::int64_t>{0, 7, 951'782'400'000, 1'700'000'000'007, -1}) {
    const WallTime time{std::chrono::milliseconds(milliseconds)};
    EXPECT_EQ(parse_iso8601(to_iso8601(time)), time) << to_iso8601(time);
  }
}

TEST(Timestamp, IsReadWithOffsetAndWithAnyFraction) {
  const auto noon = parse_iso8601("2026-01-31T12:00:00Z");
  ASSERT_TRUE(noon);
  EXPECT_EQ(parse_iso8601("2026-01-31T14:00:00+02:00"), noon);
  EXPECT_EQ(parse_iso8601("2026-01-31T06:30:00-05:30"), noon);
  EXPECT_EQ(parse_iso8601("2026-01-31T12:00:00.5Z"), *noon + std::chrono::milliseconds(500));
  EXPECT_EQ(parse_iso8601("2026-01-31T12:00:00.123987Z"), *noon + std::chrono::milliseconds(123));
}

TEST(Timestamp, IsNothingElse) {
  for (const char* text : {"", "tomorrow", "2026-01-31", "2026-01-31T12:00:00", "2026-02-30T12:00:00Z", "2026-01-31T24:00:00Z",
                           "2026-01-31T12:60:00Z", "2026-01-31T12:00:00.Z", "2026-01-31 12:00:00Z", "2026-01-31T12:00:00Zz",
                           "2026-01-31T12:00:00+0200", "1700000000000", "2026-01-31T12:00:-1Z"}) {
    EXPECT_EQ(parse_iso8601(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace atrium
