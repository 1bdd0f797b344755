#include "engineio/payload.h"

#include <gmock/gmock.h>

#include <vector>

#include "tests/support/every_cut.h"

namespace atrium::engineio {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;

/// "4hello" for a packet of text, "binary ..." for one of octets, and at last "failed".
std::vector<std::string> read(std::string_view body) {
  std::vector<std::string> log;
  PayloadReader reader(body);
  while (const auto packet = reader.next()) {
    log.push_back(packet->binary ? "binary " + std::string(packet->data) : encode_text(packet->type, packet->data));
  }
  EXPECT_FALSE(reader.next());
  if (reader.failed()) log.push_back("failed");
  return log;
}

// Engine.IO 4, "Packet encoding".
TEST(Payload, IsPacketsWithSeparators) {
  EXPECT_THAT(read("4hello\x1e"
                   "2\x1e"
                   "4world"),
              ElementsAre("4hello", "2", "4world"));
  EXPECT_THAT(read("4hello\x1e"
                   "bAQIDBA=="),
              ElementsAre("4hello", "binary \x01\x02\x03\x04"));
  EXPECT_THAT(read("1"), ElementsAre("1"));
}

TEST(Payload, CarriesEventsWithTheirAttachments) {
  EXPECT_THAT(read("452-[\"m\"]\x1e"
                   "bAQID\x1e"
                   "bBAUG"),
              ElementsAre("452-[\"m\"]", "binary \x01\x02\x03", "binary \x04\x05\x06"));
}

TEST(Payload, CarriesEmptyMessages) {
  EXPECT_THAT(read("4"), ElementsAre("4"));
  EXPECT_THAT(read("b"), ElementsAre("binary "));
}

TEST(Payload, KeepsTheOctetsOfAPacketUntilTheNext) {
  // Short enough for a string to hold in itself, and too long for that.
  for (const std::string& octets : {"\x01"s, std::string(100, '\x02')}) {
    const std::string body = encode_binary(octets);
    PayloadReader reader(body);
    const auto packet = reader.next();
    ASSERT_TRUE(packet);
    const auto moved = packet;
    EXPECT_EQ(moved->data, octets);
  }
}

TEST(Payload, StopsAtABadPacket) {
  EXPECT_THAT(read("abc"), ElementsAre("failed"));
  EXPECT_THAT(read("4a\x1e"
                   "7\x1e"
                   "4b"),
              ElementsAre("4a", "failed"));
  EXPECT_THAT(read("4a\x1e"
                   "b!!\x1e"
                   "4b"),
              ElementsAre("4a", "failed"));
  EXPECT_THAT(read("4a\x1e"
                   "4\xff\x1e"
                   "4b"),
              ElementsAre("4a", "failed"));
  EXPECT_THAT(read("bAQIDB"), ElementsAre("failed"));
}

TEST(Payload, StopsAtNothing) {
  EXPECT_THAT(read(""), ElementsAre("failed"));
  EXPECT_THAT(read("\x1e"), ElementsAre("failed"));
  EXPECT_THAT(read("4a\x1e"), ElementsAre("4a", "failed"));
  EXPECT_THAT(read("4a\x1e\x1e"
                   "4b"),
              ElementsAre("4a", "failed"));
}

TEST(Payload, HasNotFailedBeforeItIsRead) { EXPECT_FALSE(PayloadReader("abc").failed()); }

TEST(Payload, GivesTheFirstPacketsOfABodyThatWasCutOff) {
  const std::vector<std::string> whole = {"4hello", "binary \x01\x02\x03\x04", "4\xe2\x82\xac"};
  test::every_prefix(
      "4hello\x1e"
      "bAQIDBA==\x1e"
      "4\xe2\x82\xac",
      [&](std::string_view body) {
        auto packets = read(body);
        const bool failed = packets.back() == "failed";
        packets.pop_back();  // what the cut went through: it may be wrong, or short
        ASSERT_LT(packets.size(), 3u);
        EXPECT_TRUE(std::equal(packets.begin(), packets.end(), whole.begin()));
        const bool inside = body.empty() || body.ends_with(kSeparator) || body.ends_with('\xe2') || body.ends_with('\x82');
        EXPECT_TRUE(failed || !inside);
      });
}

TEST(Payload, EncodesOctetsWithPadding) {
  EXPECT_EQ(encode_binary("\x01\x02\x03\x04"), "bAQIDBA==");
  EXPECT_EQ(encode_binary(""), "b");
}

}  // namespace
}  // namespace atrium::engineio
