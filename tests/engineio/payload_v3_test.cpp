#include "engineio/payload_v3.h"

#include <gmock/gmock.h>

#include <vector>

#include "tests/support/every_cut.h"

namespace atrium::engineio {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;

/// "4hello" for a packet of text, "binary ..." for one of octets, and at last "failed".
std::vector<std::string> read(std::string_view body, PayloadForm form) {
  std::vector<std::string> log;
  PayloadReaderV3 reader(body, form);
  while (const auto packet = reader.next()) {
    log.push_back(packet->binary ? "binary " + std::string(packet->data) : encode_text(packet->type, packet->data));
  }
  EXPECT_FALSE(reader.next());
  if (reader.failed()) log.push_back("failed");
  return log;
}

std::vector<std::string> read_text(std::string_view body) { return read(body, PayloadForm::text); }
std::vector<std::string> read_octets(std::string_view body) { return read(body, PayloadForm::octets); }

// The examples of the protocol page.
TEST(PayloadV3, IsPacketsWithTheirLengths) {
  EXPECT_THAT(read_text("6:4hello2:4\xe2\x82\xac"), ElementsAre("4hello", "4\xe2\x82\xac"));
  EXPECT_THAT(read_text("2:4\xe2\x82\xac"
                        "10:b4AQIDBA=="),
              ElementsAre("4\xe2\x82\xac", "binary \x01\x02\x03\x04"));
  EXPECT_THAT(read_text("1:2"), ElementsAre("2"));
  EXPECT_THAT(read_text("01:2"), ElementsAre("2"));
}

TEST(PayloadV3, CountsAsJavaScriptDoes) {
  const std::string smile = "\xf0\x9f\x98\x80";  // one character, two code units
  EXPECT_THAT(read_text("3:4" + smile + "2:4a"), ElementsAre("4" + smile, "4a"));
  EXPECT_THAT(read_text("2:4" + smile), ElementsAre("failed")) << "half a character";
  std::string body;
  append_to_text(body, "4" + smile + "\xc3\xa4");
  EXPECT_EQ(body, "4:4" + smile + "\xc3\xa4");
}

TEST(PayloadV3, CarriesOctetsAsSuch) {
  EXPECT_THAT(read_octets("\x00\x04\xff"
                          "4\xe2\x82\xac"
                          "\x01\x05\xff\x04\x01\x02\x03\x04"s),
              ElementsAre("4\xe2\x82\xac", "binary \x01\x02\x03\x04"));
  EXPECT_THAT(read_octets("\x01\x01\x02\xff\x04"s + std::string(11, '\xff')), ElementsAre("binary " + std::string(11, '\xff')));
  EXPECT_THAT(read_octets("\x00\x06\xff"
                          "b4AQID"s),
              ElementsAre("binary \x01\x02\x03"))
      << "base64 is text in both forms";
}

TEST(PayloadV3, StopsAtABadPacketOfText) {
  for (const char* bad : {"", "abc", "6", "6:", ":", "7:4hello", "1:7", "0:", "-1:4", "1e0:4", "99999999999:4", "3:b41",
                          "5:b5AQ==", "2:4\xff", "3:4\xed\xa0\x80", "1:41:", "2:bA"}) {
    EXPECT_EQ(read_text(bad).back(), "failed") << bad;
  }
  EXPECT_THAT(read_text("2:4a3:xyz2:4b"), ElementsAre("4a", "failed"));
}

TEST(PayloadV3, StopsAtABadPacketOfOctets) {
  for (const std::string& bad : {""s, "\x00"s, "\x00\x01"s, "\x00\xff"s,
                                 "\x00\x02\xff"
                                 "4"s,
                                 "\x02\x01\xff"
                                 "4"s,
                                 "\x00\x0a\xff"
                                 "4aaaaaaaaa"s,
                                 "\x00\x01\xff"
                                 "7"s,
                                 "\x00\x02\xff"
                                 "4\xe2"s,
                                 "\x01\x01\xff\x03"s, "\x01\x00\xff"s, "\x00\x00\xff"s,
                                 "\x00" + std::string(11, '\x09') +
                                     "\xff"
                                     "4"}) {
    EXPECT_EQ(read_octets(bad).back(), "failed") << testing::PrintToString(bad);
  }
}

TEST(PayloadV3, HasNotFailedBeforeItIsRead) { EXPECT_FALSE(PayloadReaderV3("abc", PayloadForm::text).failed()); }

TEST(PayloadV3, EncodesWhatItReads) {
  std::string text;
  append_to_text(text, "4hello");
  append_to_text(text, encode_binary("\x01\x02\x03\x04", Revision::v3));
  EXPECT_EQ(text, "6:4hello10:b4AQIDBA==");
  std::string octets;
  append_to_octets(octets, "4hello");
  append_message_to_octets(octets, "\x01\x02\x03\x04");
  EXPECT_EQ(octets,
            "\x00\x06\xff"
            "4hello"
            "\x01\x05\xff\x04\x01\x02\x03\x04"s);
  EXPECT_EQ(read_text(text), read_octets(octets));
}

/// Whatever is cut off, the packets before the cut are those of the whole, and what is cut through is told.
void expect_cuts(const std::string& body, PayloadForm form) {
  const auto whole = read(body, form);
  std::size_t sound = 0;
  test::every_prefix(body, [&](std::string_view prefix) {
    auto packets = read(prefix, form);
    const bool failed = packets.back() == "failed";
    if (failed) packets.pop_back();
    ASSERT_LE(packets.size(), whole.size());
    EXPECT_TRUE(std::equal(packets.begin(), packets.end(), whole.begin()));
    if (!failed) ++sound;
  });
  EXPECT_EQ(sound, whole.size()) << "only where a packet ends";
}

TEST(PayloadV3, GivesTheFirstPacketsOfABodyThatWasCutOff) {
  expect_cuts("6:4hello10:b4AQIDBA==2:4\xe2\x82\xac", PayloadForm::text);
  expect_cuts(
      "\x00\x06\xff"
      "4hello"
      "\x01\x01\x02\xff\x04"
      "0123456789a"
      "\x00\x04\xff"
      "4\xe2\x82\xac"s,
      PayloadForm::octets);
}

}  // namespace
}  // namespace atrium::engineio
