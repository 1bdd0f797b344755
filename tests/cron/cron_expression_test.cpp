#include "cron/cron_expression.h"

#include <gmock/gmock.h>

#include <sstream>

#include "base/timestamp.h"

namespace atrium::cron {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// "2026-03-29 00:30" in UTC.
WallTime utc(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  char mark = 0;
  std::istringstream(text) >> year >> mark >> month >> mark >> day >> hour >> mark >> minute;
  return std::chrono::sys_days(std::chrono::year(year) / month / day) + std::chrono::hours(hour) + std::chrono::minutes(minute);
}

CronExpression expression(const std::string& text) {
  auto parsed = CronExpression::parse(text);
  if (!parsed) throw std::invalid_argument(parsed.error());
  return std::move(*parsed);
}

std::string error_of(const std::string& text) {
  const auto parsed = CronExpression::parse(text);
  return parsed ? "parsed" : parsed.error();
}

/// The next `count` times after `after`, in UTC.
std::vector<std::string> next(const std::string& text, const std::string& after, std::size_t count,
                              const TimeZone& zone = TimeZone::utc()) {
  std::vector<std::string> times;
  for (auto time = std::optional(utc(after)); times.size() < count;) {
    time = expression(text).next_after(*time, zone);
    if (!time) {
      times.push_back("never");
      break;
    }
    times.push_back(to_iso8601(*time).substr(0, 16));
  }
  return times;
}

TEST(CronExpression, EveryMinuteIsStrictlyAfter) {
  EXPECT_THAT(next("* * * * *", "2026-01-31 23:58", 3),
              ElementsAre("2026-01-31T23:59", "2026-02-01T00:00", "2026-02-01T00:01"));
}

TEST(CronExpression, SecondsAndMillisecondsAreCutOff) {
  const WallTime late = utc("2026-01-31 08:59") + std::chrono::milliseconds(59'999);
  EXPECT_EQ(expression("0 9 * * *").next_after(late, TimeZone::utc()), utc("2026-01-31 09:00"));
  EXPECT_EQ(expression("* * * * *").next_after(late, TimeZone::utc()), utc("2026-01-31 09:00"));
}

TEST(CronExpression, StepsCountFromTheStartOfTheirRange) {
  EXPECT_THAT(next("*/20 * * * *", "2026-01-31 08:01", 3),
              ElementsAre("2026-01-31T08:20", "2026-01-31T08:40", "2026-01-31T09:00"));
  EXPECT_THAT(next("10-40/15 8 * * *", "2026-01-31 00:00", 4),
              ElementsAre("2026-01-31T08:10", "2026-01-31T08:25", "2026-01-31T08:40", "2026-02-01T08:10"));
  EXPECT_THAT(next("50/5 8 * * *", "2026-01-31 00:00", 3),
              ElementsAre("2026-01-31T08:50", "2026-01-31T08:55", "2026-02-01T08:50"));
}

TEST(CronExpression, ListsAreUnited) {
  EXPECT_THAT(next("0,30-31 6,18 * * *", "2026-01-31 06:00", 4),
              ElementsAre("2026-01-31T06:30", "2026-01-31T06:31", "2026-01-31T18:00", "2026-01-31T18:30"));
}

TEST(CronExpression, TakesNamesInAnyCase) {
  EXPECT_THAT(next("0 0 1 jan,JUL *", "2026-01-31 00:00", 2), ElementsAre("2026-07-01T00:00", "2027-01-01T00:00"));
  // 2 February 2026 is a Monday.
  EXPECT_THAT(next("0 9 * * Mon-Fri", "2026-01-31 00:00", 2), ElementsAre("2026-02-02T09:00", "2026-02-03T09:00"));
}

TEST(CronExpression, SundayIsZeroAndSevenAndEndsAWeek) {
  for (const char* text : {"0 0 * * 0", "0 0 * * 7", "0 0 * * SUN"}) {
    EXPECT_THAT(next(text, "2026-01-31 00:00", 2), ElementsAre("2026-02-01T00:00", "2026-02-08T00:00")) << text;
  }
  for (const char* text : {"0 0 * * 6-7", "0 0 * * SAT-SUN"}) {
    EXPECT_THAT(next(text, "2026-01-31 00:00", 2), ElementsAre("2026-02-01T00:00", "2026-02-07T00:00")) << text;
  }
  // Sunday, Tuesday, Thursday, Saturday.
  EXPECT_THAT(next("0 0 * * */2", "2026-01-31 00:00", 4),
              ElementsAre("2026-02-01T00:00", "2026-02-03T00:00", "2026-02-05T00:00", "2026-02-07T00:00"));
}

TEST(CronExpression, OneOfTwoRestrictedDayFieldsIsEnough) {
  // Fridays, and the 13th.
  EXPECT_THAT(next("0 0 13 * FRI", "2026-01-31 00:00", 4),
              ElementsAre("2026-02-06T00:00", "2026-02-13T00:00", "2026-02-20T00:00", "2026-02-27T00:00"));
  EXPECT_THAT(next("0 0 13 * FRI", "2026-04-10 00:00", 2), ElementsAre("2026-04-13T00:00", "2026-04-17T00:00"));
}

TEST(CronExpression, ADayFieldThatBeginsWithAStarIsNoRestriction) {
  EXPECT_THAT(next("0 0 13 * *", "2026-01-31 00:00", 2), ElementsAre("2026-02-13T00:00", "2026-03-13T00:00"));
  // Both must hold: an odd date that is a Monday.
  EXPECT_THAT(next("0 0 */2 * MON", "2026-01-31 00:00", 2), ElementsAre("2026-02-09T00:00", "2026-02-23T00:00"));
}

TEST(CronExpression, SkipsMonthsThatAreTooShort) {
  EXPECT_THAT(next("0 0 31 * *", "2026-01-31 00:00", 3),
              ElementsAre("2026-03-31T00:00", "2026-05-31T00:00", "2026-07-31T00:00"));
}

TEST(CronExpression, WaitsForALeapYear) {
  EXPECT_THAT(next("0 0 29 2 *", "2026-01-31 00:00", 2), ElementsAre("2028-02-29T00:00", "2032-02-29T00:00"));
  EXPECT_THAT(next("0 0 29 2 *", "2096-03-01 00:00", 1), ElementsAre("2104-02-29T00:00"));
  // "*/7" is Sunday and begins with a star, so both must hold; around 2100 that takes forty years.
  EXPECT_THAT(next("0 0 29 2 */7", "2088-03-01 00:00", 1), ElementsAre("2128-02-29T00:00"));
}

TEST(CronExpression, AnImpossibleDateIsNever) {
  EXPECT_THAT(next("0 0 30 FEB *", "2026-01-31 00:00", 1), ElementsAre("never"));
  EXPECT_THAT(next("* * 31 4,6,9,11 *", "2026-01-31 00:00", 1), ElementsAre("never"));
}

TEST(CronExpression, CertainHoursFollowTheClocksOfTheirZone) {
  const TimeZone berlin = *TimeZone::load("Europe/Berlin");
  // Winter is UTC+1, summer UTC+2.
  EXPECT_THAT(next("0 9 * * *", "2026-03-27 12:00", 3, berlin),
              ElementsAre("2026-03-28T08:00", "2026-03-29T07:00", "2026-03-30T07:00"));
  // The day is the zone's, too.
  EXPECT_THAT(next("30 0 1 * *", "2026-01-15 00:00", 1, berlin), ElementsAre("2026-01-31T23:30"));
}

TEST(CronExpression, ATimeThatTheClocksSkipIsDueWhenTheyWouldHaveShownIt) {
  const TimeZone berlin = *TimeZone::load("Europe/Berlin");
  // On 29 March 2026 at 01:00 UTC the clocks go from 02:00 to 03:00.
  EXPECT_THAT(next("30 2 * * *", "2026-03-28 00:00", 3, berlin),
              ElementsAre("2026-03-28T01:30", "2026-03-29T01:30", "2026-03-30T00:30"));
  // Skipped times lie between those that are shown, and one that falls on such a time is due once.
  EXPECT_THAT(next("15,45 2,3 * * *", "2026-03-29 00:00", 3, berlin),
              ElementsAre("2026-03-29T01:15", "2026-03-29T01:45", "2026-03-30T00:15"));
  EXPECT_THAT(next("0 3 * * *", "2026-03-29 00:59", 2, berlin), ElementsAre("2026-03-29T01:00", "2026-03-30T01:00"));
  EXPECT_THAT(next("45 2,3 * * *", "2026-03-29 01:00", 1, berlin), ElementsAre("2026-03-29T01:45"));
}

TEST(CronExpression, ATimeThatTheClocksShowTwiceIsDueOnce) {
  const TimeZone berlin = *TimeZone::load("Europe/Berlin");
  // On 25 October 2026 at 01:00 UTC the clocks go from 03:00 back to 02:00.
  EXPECT_THAT(next("30 2 * * *", "2026-10-24 12:00", 2, berlin), ElementsAre("2026-10-25T00:30", "2026-10-26T01:30"));
  EXPECT_THAT(next("30 2 * * *", "2026-10-25 01:00", 1, berlin), ElementsAre("2026-10-26T01:30"));
  EXPECT_THAT(next("0 2,3 * * *", "2026-10-24 12:00", 3, berlin),
              ElementsAre("2026-10-25T00:00", "2026-10-25T02:00", "2026-10-26T01:00"));
}

TEST(CronExpression, EveryHourFollowsTheTimeThatPasses) {
  const TimeZone berlin = *TimeZone::load("Europe/Berlin");
  EXPECT_THAT(next("*/30 * * * *", "2026-03-29 00:15", 4, berlin),
              ElementsAre("2026-03-29T00:30", "2026-03-29T01:00", "2026-03-29T01:30", "2026-03-29T02:00"));
  EXPECT_THAT(next("*/30 * * * *", "2026-10-25 00:15", 4, berlin),
              ElementsAre("2026-10-25T00:30", "2026-10-25T01:00", "2026-10-25T01:30", "2026-10-25T02:00"));
}

TEST(CronExpression, EveryHourOfCertainDaysBeginsAtTheZonesMidnight) {
  const TimeZone berlin = *TimeZone::load("Europe/Berlin");
  EXPECT_THAT(next("59 * 1 * *", "2026-01-15 00:00", 2, berlin), ElementsAre("2026-01-31T23:59", "2026-02-01T00:59"));
}

TEST(CronExpression, NamesTheFieldThatIsWrong) {
  EXPECT_THAT(error_of("60 * * * *"), HasSubstr("minute \"60\" is not one of 0 to 59"));
  EXPECT_THAT(error_of("* 24 * * *"), HasSubstr("hour \"24\""));
  EXPECT_THAT(error_of("* * 0 * *"), HasSubstr("day of month \"0\" is not one of 1 to 31"));
  EXPECT_THAT(error_of("* * * 13 *"), HasSubstr("month \"13\""));
  EXPECT_THAT(error_of("* * * * 8"), HasSubstr("day of week \"8\""));
  EXPECT_THAT(error_of("JAN * * * *"), HasSubstr("minute \"JAN\""));
  EXPECT_THAT(error_of("* * * * MONDAY"), HasSubstr("day of week \"MONDAY\""));
  EXPECT_THAT(error_of("-1 * * * *"), HasSubstr("minute"));
  EXPECT_THAT(error_of("1, * * * *"), HasSubstr("minute \"\""));
  EXPECT_THAT(error_of("* 8-6 * * *"), HasSubstr("hour \"8-6\" runs backwards"));
  EXPECT_THAT(error_of("*/0 * * * *"), HasSubstr("step"));
  EXPECT_THAT(error_of("*/x * * * *"), HasSubstr("step"));
  EXPECT_THAT(error_of("** * * * *"), HasSubstr("minute \"**\""));
}

TEST(CronExpression, NeedsFiveFields) {
  EXPECT_THAT(error_of(""), HasSubstr("has 0 fields"));
  EXPECT_THAT(error_of("* * * *"), HasSubstr("has 4 fields"));
  EXPECT_THAT(error_of("0 * * * * *"), HasSubstr("has 6 fields"));
  EXPECT_THAT(error_of("  0\t9  * * *  "), testing::Eq("parsed"));
}

TEST(CronExpression, AHugeStepIsTheFirstValueAlone) {
  EXPECT_THAT(next("*/4294967295 0 * * *", "2026-01-31 00:00", 1), ElementsAre("2026-02-01T00:00"));
}

TEST(TimeZone, KnowsPlacesAndNothingElse) {
  EXPECT_EQ(TimeZone::load("Europe/Berlin")->name(), "Europe/Berlin");
  EXPECT_TRUE(TimeZone::load("UTC").has_value());
  EXPECT_FALSE(TimeZone::load("Europe/Atlantis").has_value());
  EXPECT_FALSE(TimeZone::load("").has_value());
  EXPECT_FALSE(TimeZone::load("../../etc/passwd").has_value());
}

}  // namespace

}  // namespace atrium::cron
