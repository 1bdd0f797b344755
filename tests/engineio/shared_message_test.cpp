#include "engineio/shared_message.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace atrium::engineio {
namespace {

using namespace std::string_literals;

TEST(SharedMessage, IsOneTextFrameAndTheSameTextInAPayload) {
  const auto message = SharedMessage::message(R"(2["hello"])");
  EXPECT_EQ(message->websocket_frames().view(),
            "\x81\x0b"
            R"(42["hello"])");
  EXPECT_EQ(message->polling_payload(), R"(42["hello"])");
  EXPECT_EQ(message->packet_count(), 1u);
}

TEST(SharedMessage, LiesInItsFramesWhateverTheirHeadsAreLike) {
  for (const std::size_t size : {0u, 124u, 125u, 126u, 65'534u, 65'535u, 65'536u}) {
    const std::string text(size, 'x');
    const auto message = SharedMessage::message(text);
    EXPECT_EQ(message->polling_payload(), "4" + text) << size;
    EXPECT_TRUE(message->websocket_frames().view().ends_with("4" + text)) << size;
  }
}

TEST(SharedMessage, IsFollowedByItsAttachments) {
  const auto message = SharedMessage::message("51-[0]", {Bytes("\x01\x02\x03"s), Bytes(""s)});
  EXPECT_EQ(message->websocket_frames().view(),
            "\x81\x07"
            "451-[0]"
            "\x82\x03\x01\x02\x03"
            "\x82\x00"s);
  EXPECT_EQ(message->polling_payload(),
            "451-[0]\x1e"
            "bAQID\x1e"
            "b");
  EXPECT_EQ(message->packet_count(), 3u);
}

TEST(SharedMessage, MayBeOctetsAlone) {
  const auto message = SharedMessage::binary(Bytes("\x01\x02\x03\x04"s));
  EXPECT_EQ(message->websocket_frames().view(), "\x82\x04\x01\x02\x03\x04");
  EXPECT_EQ(message->polling_payload(), "bAQIDBA==");
  EXPECT_EQ(message->packet_count(), 1u);
}

TEST(SharedMessage, MayBeAPacketOfTheEngine) {
  EXPECT_EQ(SharedMessage::packet(PacketType::ping)->websocket_frames().view(),
            "\x81\x01"
            "2");
  EXPECT_EQ(SharedMessage::packet(PacketType::ping)->polling_payload(), "2");
  EXPECT_EQ(SharedMessage::packet(PacketType::pong, "probe")->polling_payload(), "3probe");
}

TEST(SharedMessage, IsTheSameOctetsForEveryReceiver) {
  const auto message = SharedMessage::message("51-[0]", {Bytes("\x01"s)});
  EXPECT_EQ(message->websocket_frames().view().data(), message->websocket_frames().view().data());
  EXPECT_EQ(message->polling_payload().data(), message->polling_payload().data()) << "joined once";
}

TEST(SharedMessage, IsAskedByManyThreadsAtOnce) {
  for (int round = 0; round < 50; ++round) {
    const auto message = SharedMessage::message("52-[0,1]", {Bytes(std::string(1000, '\x01')), Bytes("\x02"s)});
    std::vector<std::string_view> payloads(4);
    std::vector<std::thread> threads;
    for (auto& payload : payloads) threads.emplace_back([&payload, &message] { payload = message->polling_payload(); });
    for (auto& thread : threads) thread.join();
    for (const auto& payload : payloads) {
      EXPECT_EQ(payload.data(), payloads.front().data());
      EXPECT_TRUE(
          payload.starts_with("452-[0,1]\x1e"
                              "bAQEB"));
      EXPECT_TRUE(
          payload.ends_with("\x1e"
                            "bAg=="));
    }
  }
}

}  // namespace
}  // namespace atrium::engineio
