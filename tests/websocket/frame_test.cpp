#include "websocket/frame.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace atrium::websocket {
namespace {

using namespace std::string_literals;

// RFC 6455, section 5.7.
TEST(Frame, EncodesTheExamplesOfTheRfc) {
  EXPECT_EQ(encode_frame(Opcode::text, "Hello"), "\x81\x05Hello");
  EXPECT_EQ(encode_frame(Opcode::ping, "Hello"), "\x89\x05Hello");
  const std::string octets(256, 'x');
  EXPECT_EQ(encode_frame(Opcode::binary, octets), "\x82\x7e\x01\x00"s + octets);
  const std::string more(65536, 'x');
  EXPECT_EQ(encode_frame(Opcode::binary, more), "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s + more);
}

TEST(Frame, WritesTheShortestFormOfALength) {
  const auto header_of = [](std::size_t size) { return encode_frame(Opcode::text, std::string(size, 'x')).size() - size; };
  EXPECT_EQ(header_of(0), 2u);
  EXPECT_EQ(header_of(125), 2u);
  EXPECT_EQ(header_of(126), 4u);
  EXPECT_EQ(header_of(65535), 4u);
  EXPECT_EQ(header_of(65536), 10u);
}

TEST(Frame, IsAppendedToWhatIsThere) {
  std::string frames;
  append_frame(frames, Opcode::text, "a");
  append_frame(frames, Opcode::binary, "\x01");
  EXPECT_EQ(frames,
            "\x81\x01"
            "a\x82\x01\x01");
}

TEST(CloseFrame, CarriesACodeAndAReason) {
  EXPECT_EQ(encode_close(CloseCode::going_away, "bye"),
            "\x88\x05\x03\xe9"
            "bye");
  EXPECT_EQ(encode_close(CloseCode::normal, ""), "\x88\x02\x03\xe8");
}

TEST(CloseFrame, IsEmptyWithoutACode) { EXPECT_EQ(encode_close(CloseCode::no_status, "unheard"), "\x88\x00"s); }

TEST(CloseFrame, FitsAControlFrame) {
  const std::string reason(123, 'x');
  EXPECT_EQ(encode_close(CloseCode::normal, reason), "\x88\x7d\x03\xe8" + reason);
  EXPECT_EQ(encode_close(CloseCode::normal, reason + "y"), "\x88\x7d\x03\xe8" + reason);
}

TEST(CloseFrame, CutsAReasonBetweenCharacters) {
  for (std::size_t before = 118; before <= 124; ++before) {
    const std::string frame = encode_close(CloseCode::normal, std::string(before, 'x') + "\xf0\x9f\x98\x80 and more");
    EXPECT_LE(frame.size(), 127u);
    EXPECT_GE(frame.size(), 124u);
    EXPECT_TRUE(is_valid_utf8(std::string_view(frame).substr(4))) << before;
  }
}

}  // namespace
}  // namespace atrium::websocket
