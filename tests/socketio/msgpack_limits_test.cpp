// What a peer can do to the MessagePack reader: each mistake has its error, and costs no more than what was sent.
#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "socketio/msgpack_codec.h"
#include "socketio/placeholder.h"
#include "tests/support/every_cut.h"
#include "tests/support/hex.h"

namespace atrium::socketio {
namespace {

using test::octets_of;

std::optional<MsgpackError> error_of(std::string_view octets, MsgpackLimits limits = {}) {
  const auto result = msgpack_decode(octets, limits);
  if (result.has_value()) return std::nullopt;
  return result.error();
}

std::string nested(std::string_view open, std::size_t depth, std::string_view innermost) {
  std::string octets;
  for (std::size_t i = 0; i < depth; ++i) octets += open;
  return octets.append(innermost);
}

TEST(MsgpackLimits, RefuseWhatIsNoMessagePack) {
  EXPECT_EQ(error_of(""), MsgpackError::cut_off);
  EXPECT_EQ(error_of("\xc1"), MsgpackError::bad_format);
  EXPECT_EQ(error_of("\x91\xc1"), MsgpackError::bad_format);
  EXPECT_EQ(error_of("\x01\x02"), MsgpackError::trailing_octets);
  EXPECT_EQ(error_of(octets_of("90c1")), MsgpackError::trailing_octets);
}

TEST(MsgpackLimits, RefuseStringsThatAreNotUtf8) {
  for (const std::string_view text :
       {"a1ff", "a2c080", "a3eda080", "d901ff", "da0001ff", "db00000001ff", "a1e2", "81a1ff01", "81d901ff01"}) {
    EXPECT_EQ(error_of(octets_of(text)), MsgpackError::bad_utf8) << text;
  }
}

TEST(MsgpackLimits, BoundTheDepth) {
  EXPECT_EQ(error_of(nested("\x91", 32, "\x01")), std::nullopt);
  EXPECT_EQ(error_of(nested("\x91", 33, "\x01")), MsgpackError::too_deep);
  EXPECT_EQ(error_of(nested("\x81\x01", 32, "\x01")), std::nullopt);
  EXPECT_EQ(error_of(nested("\x81\x01", 33, "\x01")), MsgpackError::too_deep);
  EXPECT_EQ(error_of(nested("\x91", 31, "\x90")), std::nullopt);
  EXPECT_EQ(error_of(nested("\x91", 32, "\x90")), MsgpackError::too_deep);
  EXPECT_EQ(error_of(nested("\x91", 32, "\x80")), MsgpackError::too_deep);
  EXPECT_EQ(error_of(std::string(1'000'000, '\x91')), MsgpackError::too_deep);
  EXPECT_EQ(error_of("\x91\x90", {.max_depth = 1}), MsgpackError::too_deep);
  EXPECT_EQ(error_of("\x90", {.max_depth = 1}), std::nullopt);
}

TEST(MsgpackLimits, BoundTheNumberOfAttachments) {
  EXPECT_EQ(error_of("\x9a" + nested(octets_of("c400"), 10, "")), std::nullopt);
  EXPECT_EQ(error_of("\x9b" + nested(octets_of("c400"), 11, "")), MsgpackError::too_many_attachments);
  EXPECT_EQ(error_of("\x9b" + nested(octets_of("c70000"), 11, "")), MsgpackError::too_many_attachments);
  EXPECT_EQ(error_of(octets_of("92c400c400"), {.max_attachments = 1}), MsgpackError::too_many_attachments);
}

TEST(MsgpackLimits, BelieveNoSizeBeyondTheOctetsThatCame) {
  for (const std::string_view announced :
       {"a2",         "bf",   "d9ff",   "daffff",     "dbffffffff", "9f",       "dcffff",       "ddffffffff", "8f",   "deffff",
        "dfffffffff", "c4ff", "c5ffff", "c6ffffffff", "c7ff00",     "c8ffff00", "c9ffffffff00", "d6ff",       "d700", "d7ff",
        "c70cff",     "cc",   "cd",     "ce",         "cf",         "d0",       "d1",           "d2",         "d3",   "ca",
        "cb",         "d4",   "d5",     "d8",         "81",         "81a161",   "81a2"}) {
    EXPECT_EQ(error_of(octets_of(announced)), MsgpackError::cut_off) << announced;
    EXPECT_EQ(error_of(octets_of("91" + std::string(announced))), MsgpackError::cut_off) << announced;
  }
}

TEST(MsgpackLimits, FindAMessageThatWasCutAtAnyOctet) {
  const json::value value{{"a", {1, -1, 300, 70'000, 5'000'000'000, -300, -70'000, -5'000'000'000, 1.5, nullptr, true}},
                          {"\xe2\x82\xac", {std::string(40, 'x'), std::string(300, 'y'), placeholder(0), placeholder(1)}},
                          {"c", json::array(20, json::object())}};
  std::string whole = msgpack_encode(value, std::vector{Bytes::copy_of("octets"), Bytes(std::string(300, 'z'))});
  // The forms that are only read: floats, dates, undefined, an ArrayBuffer, keys that are integers.
  whole = octets_of("dc000a") + whole + octets_of("ca3fc00000d7000000018bcfe5687bd6ff6553f100d7ff1d5353006553f100") +
          octets_of("c70cff3b8b87c0ffffffffffffffffd40000c702000102") + octets_of("81cd012cd3ffffff0000000000") +
          octets_of("df00000001db0000000161c9000000010001");
  std::size_t prefixes = 0;
  test::every_prefix(whole, [&](std::string_view octets) {
    const bool is_whole = octets.size() == whole.size();
    EXPECT_EQ(error_of(octets), is_whole ? std::nullopt : std::optional(MsgpackError::cut_off)) << octets.size();
    ++prefixes;
  });
  EXPECT_EQ(prefixes, whole.size() + 1);
}

TEST(MsgpackLimits, SurviveAnyOctets) {
  std::mt19937 random(1);  // the same octets at each run
  std::size_t values = 0;
  for (int round = 0; round < 100'000; ++round) {
    std::string octets(1 + random() % 24, '\0');
    std::generate(octets.begin(), octets.end(), [&] { return static_cast<char>(random()); });
    const auto result = msgpack_decode(octets);
    if (!result.has_value()) continue;
    ++values;
    const std::string written = msgpack_encode(result->value, result->attachments);
    const auto again = msgpack_decode(written);
    ASSERT_TRUE(again.has_value()) << test::hex(octets);
    EXPECT_EQ(test::hex(msgpack_encode(again->value, again->attachments)), test::hex(written)) << test::hex(octets);
    EXPECT_EQ(again->attachments, result->attachments) << test::hex(octets);
  }
  EXPECT_GT(values, 100u);
}

TEST(MsgpackErrors, HaveWordsOfTheirOwn) {
  std::vector<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(MsgpackError::too_many_attachments); ++i) words.push_back(to_string(MsgpackError(i)));
  std::sort(words.begin(), words.end());
  EXPECT_EQ(std::unique(words.begin(), words.end()), words.end());
}

}  // namespace
}  // namespace atrium::socketio
