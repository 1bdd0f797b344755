#include "engineio/rare_forms.h"

#include <gtest/gtest.h>

#include <thread>

#include "engineio/shared_message.h"

namespace atrium::engineio {
namespace {

using namespace std::string_literals;

constexpr Wire kV3{.revision = Revision::v3};
constexpr Wire kV3Base64{.revision = Revision::v3, .base64 = true};
constexpr Wire kV4Base64{.revision = Revision::v4, .base64 = true};

TEST(RareForms, AreNotMadeForTextThatIsTheSameInAll) {
  const auto message = SharedMessage::message("hello");
  for (const Wire& wire : {kV3, kV3Base64, kV4Base64}) {
    EXPECT_EQ(message->websocket_frames(wire).view().data(), message->websocket_frames().view().data());
  }
}

TEST(RareForms, OpenBinaryFramesWithTheirTypeInTheThirdRevision) {
  const auto message = SharedMessage::message("a", {Bytes("\x01\x02"s)});
  EXPECT_EQ(message->websocket_frames(Wire{}).view(),
            "\x81\x02"
            "4a"
            "\x82\x02\x01\x02");
  EXPECT_EQ(message->websocket_frames(kV3).view(),
            "\x81\x02"
            "4a"
            "\x82\x03\x04\x01\x02");
}

TEST(RareForms, AreBase64ForAClientThatTakesNoOctets) {
  const auto message = SharedMessage::binary(Bytes("\x01\x02\x03"s));
  EXPECT_EQ(message->websocket_frames(kV3Base64).view(),
            "\x81\x06"
            "b4AQID");
  EXPECT_EQ(message->websocket_frames(kV4Base64).view(),
            "\x81\x05"
            "bAQID");
}

TEST(RareForms, AreAPayloadWithLengths) {
  const auto message = SharedMessage::message("hello", {Bytes("\x01\x02\x03\x04"s)});
  EXPECT_EQ(message->polling_payload_v3(PayloadForm::text), "6:4hello10:b4AQIDBA==");
  EXPECT_EQ(message->polling_payload_v3(PayloadForm::octets),
            "\x00\x06\xff"
            "4hello"
            "\x01\x05\xff\x04\x01\x02\x03\x04"s);
  EXPECT_EQ(SharedMessage::binary(Bytes("\x01"s))->polling_payload_v3(PayloadForm::text), "6:b4AQ==");
}

TEST(RareForms, AreMadeOnceForAllThreads) {
  for (int round = 0; round < 50; ++round) {
    const auto message = SharedMessage::message("hello", {Bytes(std::string(1000, '\x01'))});
    std::vector<const void*> seen(4);
    std::vector<std::thread> threads;
    for (auto& place : seen) {
      threads.emplace_back([&place, &message] {
        message->polling_payload_v3(PayloadForm::octets);
        place = message->websocket_frames(kV3).view().data();
      });
    }
    for (auto& thread : threads) thread.join();
    for (const void* place : seen) EXPECT_EQ(place, seen.front());
  }
}

TEST(SharedMessage, TellsTheSizeOfItsDataInNoEncoding) {
  EXPECT_EQ(SharedMessage::message("hello", {Bytes("\x01\x02"s), Bytes("\x03"s)})->data_size(), 8u);
  EXPECT_EQ(SharedMessage::packet(PacketType::ping)->data_size(), 0u);
  EXPECT_FALSE(SharedMessage::message("hello")->has_octets());
  EXPECT_TRUE(SharedMessage::binary(Bytes("\x01"s))->has_octets());
}

}  // namespace
}  // namespace atrium::engineio
