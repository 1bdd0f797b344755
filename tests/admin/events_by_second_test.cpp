#include "admin/events_by_second.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/support/manual_clock.h"

namespace atrium::admin {
namespace {

using namespace std::chrono_literals;
using engineio::CloseReason;

class EventsBySecondTest : public ::testing::Test {
 protected:
  std::string text() const { return boost::json::serialize(events.to_json()); }

  test::ManualClock clock;  // begins with a whole second: 1700000000000
  EventsBySecond events;
};

TEST_F(EventsBySecondTest, AddsUpWhatHappensInOneSecond) {
  events.add(clock.wall(), Counted::packets_in, 2);
  clock.advance(999ms);
  events.add(clock.wall(), Counted::packets_in);
  events.add(clock.wall(), Counted::bytes_in, 40);
  EXPECT_EQ(text(), R"([{"timestamp":1700000000000,"type":"packetsIn","count":3},)"
                    R"({"timestamp":1700000000000,"type":"bytesIn","count":40}])");
}

TEST_F(EventsBySecondTest, TellsSecondsApart) {
  clock.advance(500ms);
  events.add(clock.wall(), Counted::raw_connection);
  clock.advance(500ms);
  events.add(clock.wall(), Counted::raw_connection);
  EXPECT_EQ(text(), R"([{"timestamp":1700000000000,"type":"rawConnection","count":1},)"
                    R"({"timestamp":1700000001000,"type":"rawConnection","count":1}])");
}

TEST_F(EventsBySecondTest, TellsReasonsOfDisconnectionApart) {
  events.add_disconnection(clock.wall(), CloseReason::ping_timeout);
  events.add_disconnection(clock.wall(), CloseReason::transport_close);
  events.add_disconnection(clock.wall(), CloseReason::ping_timeout);
  EXPECT_EQ(text(), R"([{"timestamp":1700000000000,"type":"rawDisconnection","subType":"transport close","count":1},)"
                    R"({"timestamp":1700000000000,"type":"rawDisconnection","subType":"ping timeout","count":2}])");
}

TEST_F(EventsBySecondTest, TakesInWhatOthersHaveCounted) {
  EventsBySecond others;
  events.add(clock.wall(), Counted::bytes_out, 10);
  others.add(clock.wall(), Counted::bytes_out, 5);
  others.add(clock.wall(), Counted::packets_out, 1);
  others.add_disconnection(clock.wall(), CloseReason::forced_close);
  clock.advance(1s);
  others.add(clock.wall(), Counted::bytes_out, 7);
  events.add(others);
  EXPECT_EQ(text(), R"([{"timestamp":1700000000000,"type":"packetsOut","count":1},)"
                    R"({"timestamp":1700000000000,"type":"bytesOut","count":15},)"
                    R"({"timestamp":1700000000000,"type":"rawDisconnection","subType":"forced close","count":1},)"
                    R"({"timestamp":1700000001000,"type":"bytesOut","count":7}])");
}

TEST_F(EventsBySecondTest, ForgetsTheOldestSecondsWhenNobodyTakesThem) {
  for (std::size_t i = 0; i < EventsBySecond::kMaxSeconds + 5; ++i) {
    events.add(clock.wall(), Counted::packets_in);
    clock.advance(1s);
  }
  const auto told = events.to_json();
  ASSERT_EQ(told.size(), EventsBySecond::kMaxSeconds);
  EXPECT_EQ(told.front().at("timestamp"), 1'700'000'005'000);
}

}  // namespace
}  // namespace atrium::admin
