#include "chat/live/pulse.h"

#include <gtest/gtest.h>

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;
using storage::ChannelId;
using storage::WorkspaceId;

const WorkspaceId kHere("here");
const ChannelId kLobby("lobby");
const ChannelId kGarden("garden");

TimePoint at(Duration time) { return TimePoint(1000s + time); }

TEST(MinuteMeter, CountsTheLastSixtySeconds) {
  MinuteMeter meter;
  meter.add(at(0s));
  meter.add(at(500ms));
  meter.add(at(30s));
  EXPECT_EQ(meter.count(at(30s)), 3u);
  EXPECT_EQ(meter.count(at(59s)), 3u);
  EXPECT_EQ(meter.count(at(60s)), 1u);
  EXPECT_EQ(meter.count(at(89s)), 1u);
  EXPECT_EQ(meter.count(at(90s)), 0u);
}

TEST(MinuteMeter, BeginsAnewAfterALongSilence) {
  MinuteMeter meter;
  for (int second = 0; second < 60; ++second) meter.add(at(std::chrono::seconds(second)));
  EXPECT_EQ(meter.count(at(59s)), 60u);
  EXPECT_EQ(meter.count(at(3h)), 0u);
  meter.add(at(3h));
  EXPECT_EQ(meter.count(at(3h + 1s)), 1u);
}

TEST(Pulse, AddsUpWhoTypeInTheChannels) {
  Pulse pulse;
  pulse.typing(kHere, kLobby, 2);
  pulse.typing(kHere, kGarden, 1);
  EXPECT_EQ(pulse.typing_users(kHere), 3u);
  pulse.typing(kHere, kLobby, 1);
  EXPECT_EQ(pulse.typing_users(kHere), 2u);
  pulse.typing(kHere, kLobby, 0);
  pulse.typing(kHere, kGarden, 0);
  EXPECT_EQ(pulse.typing_users(kHere), 0u);
}

TEST(Pulse, KeepsWorkspacesApart) {
  Pulse pulse;
  pulse.said(kHere, at(0s));
  pulse.typing(kHere, kLobby, 1);
  EXPECT_EQ(pulse.messages_per_minute(kHere, at(1s)), 1u);
  EXPECT_EQ(pulse.messages_per_minute(WorkspaceId("there"), at(1s)), 0u);
  EXPECT_EQ(pulse.typing_users(WorkspaceId("there")), 0u);
}

}  // namespace
}  // namespace atrium::chat
