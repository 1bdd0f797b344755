#include "engineio/packet.h"

#include <gtest/gtest.h>

namespace atrium::engineio {
namespace {

TEST(Packet, IsADigitAndData) {
  EXPECT_EQ(encode_text(PacketType::open, R"({"sid":"a"})"), R"(0{"sid":"a"})");
  EXPECT_EQ(encode_text(PacketType::close, ""), "1");
  EXPECT_EQ(encode_text(PacketType::ping, ""), "2");
  EXPECT_EQ(encode_text(PacketType::pong, "probe"), "3probe");
  EXPECT_EQ(encode_text(PacketType::message, "hello"), "4hello");
  EXPECT_EQ(encode_text(PacketType::upgrade, ""), "5");
  EXPECT_EQ(encode_text(PacketType::noop, ""), "6");
}

TEST(Packet, ComesBackAsItWas) {
  for (const char type : std::string_view("0123456")) {
    for (const std::string_view data : {"", "probe", "b", "\xe2\x82\xac", "42[\"x\"]"}) {
      const std::string text = encode_text(static_cast<PacketType>(type), data);
      const auto packet = decode_text(text);
      ASSERT_TRUE(packet);
      EXPECT_EQ(packet->type, static_cast<PacketType>(type));
      EXPECT_EQ(packet->data, data);
      EXPECT_FALSE(packet->binary);
    }
  }
}

TEST(Packet, LiesInWhatWasDecoded) {
  const std::string_view text = "4hello";
  EXPECT_EQ(decode_text(text)->data.data(), text.data() + 1);
}

TEST(Packet, OpensWithAKnownType) {
  EXPECT_FALSE(decode_text(""));
  for (int octet = 0; octet < 256; ++octet) {
    const std::string text(1, static_cast<char>(octet));
    EXPECT_EQ(decode_text(text).has_value(), octet >= '0' && octet <= '6') << octet;
  }
}

}  // namespace
}  // namespace atrium::engineio
