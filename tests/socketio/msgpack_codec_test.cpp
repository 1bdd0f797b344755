#include "socketio/msgpack_codec.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <limits>

#include "socketio/placeholder.h"
#include "tests/support/every_cut.h"
#include "tests/support/hex.h"

namespace atrium::socketio {
namespace {

using test::hex;
using test::octets_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// The value that the octets are, as JSON text; what is wrong with them otherwise.
std::string decoded(std::string_view digits, MsgpackLimits limits = {}) {
  const auto result = msgpack_decode(octets_of(digits), limits);
  return result.has_value() ? json::serialize(result->value) : std::string(to_string(result.error()));
}

std::optional<MsgpackError> error_of(std::string_view octets, MsgpackLimits limits = {}) {
  const auto result = msgpack_decode(octets, limits);
  if (result.has_value()) return std::nullopt;
  return result.error();
}

json::value value_of(std::string_view digits) {
  const auto result = msgpack_decode(octets_of(digits));
  EXPECT_TRUE(result.has_value()) << digits << ": " << to_string(result.error());
  return result.has_value() ? result->value : json::value("none");
}

std::string encoded(const json::value& value) { return hex(msgpack_encode(value)); }

std::string repeated(std::string_view part, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += part;
  return all;
}

// Both ways: the octets are the only shortest form of the value.
struct Form {
  json::value value;
  std::string octets;
};

std::vector<Form> forms() {
  return {
      {nullptr, "c0"},
      {false, "c2"},
      {true, "c3"},
      {0, "00"},
      {127, "7f"},
      {128, "cc80"},
      {255, "ccff"},
      {256, "cd0100"},
      {65'535, "cdffff"},
      {65'536, "ce00010000"},
      {4'294'967'295, "ceffffffff"},
      {4'294'967'296, "cf0000000100000000"},
      {std::numeric_limits<std::int64_t>::max(), "cf7fffffffffffffff"},
      {std::uint64_t{1} << 63, "cf8000000000000000"},
      {std::numeric_limits<std::uint64_t>::max(), "cfffffffffffffffff"},
      {-1, "ff"},
      {-32, "e0"},
      {-33, "d0df"},
      {-128, "d080"},
      {-129, "d1ff7f"},
      {-32'768, "d18000"},
      {-32'769, "d2ffff7fff"},
      {-2'147'483'648, "d280000000"},
      {-2'147'483'649, "d3ffffffff7fffffff"},
      {std::numeric_limits<std::int64_t>::min(), "d38000000000000000"},
      {1.5, "cb3ff8000000000000"},
      {-0.1, "cbbfb999999999999a"},
      {1e300, "cb7e37e43c8800759c"},
      {0x1p64, "cb43f0000000000000"},
      {-0x1.0000000000001p63, "cbc3e0000000000001"},
      {5e-324, "cb0000000000000001"},
      {"", "a0"},
      {"a", "a161"},
      {"\xe2\x82\xac\xf0\x9f\x98\x80", "a7e282acf09f9880"},
      {json::string(31, 'a'), "bf" + repeated("61", 31)},
      {json::string(32, 'a'), "d920" + repeated("61", 32)},
      {json::string(255, 'a'), "d9ff" + repeated("61", 255)},
      {json::string(256, 'a'), "da0100" + repeated("61", 256)},
      {json::string(65'535, 'a'), "daffff" + repeated("61", 65'535)},
      {json::string(65'536, 'a'), "db00010000" + repeated("61", 65'536)},
      {json::array{}, "90"},
      {json::array{1, json::array{json::array{}}}, "92019190"},
      {json::array(15, nullptr), "9f" + repeated("c0", 15)},
      {json::array(16, nullptr), "dc0010" + repeated("c0", 16)},
      {json::array(65'535, nullptr), "dcffff" + repeated("c0", 65'535)},
      {json::array(65'536, nullptr), "dd00010000" + repeated("c0", 65'536)},
      {json::object{}, "80"},
      {json::object{{"a", 1}, {"", json::object{}}}, "82a16101a080"},
  };
}

TEST(Msgpack, WritesEachValueInItsShortestForm) {
  for (const auto& [value, octets] : forms()) EXPECT_EQ(encoded(value), octets) << json::serialize(value).substr(0, 40);
}

TEST(Msgpack, ReadsWhatItWrites) {
  for (const auto& [value, octets] : forms()) {
    EXPECT_EQ(value_of(octets), value) << octets.substr(0, 20);
    EXPECT_EQ(value_of(octets).kind(), value.kind()) << octets.substr(0, 20);
  }
}

TEST(Msgpack, WritesAndReadsMapsOfAllSizes) {
  for (const auto& [size, head] : {std::pair{15, "8f"}, {16, "de0010"}, {65'535, "deffff"}, {65'536, "df00010000"}}) {
    json::object object;
    for (int i = 0; i < size; ++i) object.emplace("k" + std::to_string(i), i);
    const std::string octets = msgpack_encode(object);
    EXPECT_TRUE(hex(octets.substr(0, 5)).starts_with(head)) << size;
    const auto again = msgpack_decode(octets);
    ASSERT_TRUE(again.has_value()) << size;
    EXPECT_EQ(again->value, object) << size;
  }
}

TEST(Msgpack, WritesADoubleThatIsAnIntegerAsOne) {
  EXPECT_EQ(encoded(0.0), "00");
  EXPECT_EQ(encoded(-0.0), "00");
  EXPECT_EQ(encoded(300.0), "cd012c");
  EXPECT_EQ(encoded(-300.0), "d1fed4");
  EXPECT_EQ(encoded(0x1p53), "cf0020000000000000");
  EXPECT_EQ(encoded(0x1p63), "cf8000000000000000");
  EXPECT_EQ(encoded(0x1.fffffffffffffp63), "cffffffffffffff800");
  EXPECT_EQ(encoded(-0x1p63), "d38000000000000000");
  EXPECT_EQ(encoded(std::numeric_limits<double>::infinity()), "cb7ff0000000000000");
}

TEST(Msgpack, ReadsFormsThatAreNotTheShortest) {
  for (const std::string_view octets :
       {"cc01", "cd0001", "ce00000001", "cf0000000000000001", "d001", "d10001", "d200000001", "d30000000000000001"}) {
    EXPECT_EQ(value_of(octets), json::value(1)) << octets;
    EXPECT_TRUE(value_of(octets).is_int64()) << octets;
  }
  EXPECT_EQ(decoded("cb4000000000000000"), json::serialize(json::value(2.0)));
  EXPECT_EQ(decoded("d90161"), R"("a")");
  EXPECT_EQ(decoded("da000161"), R"("a")");
  EXPECT_EQ(decoded("db0000000161"), R"("a")");
  EXPECT_EQ(decoded("dc000101"), "[1]");
  EXPECT_EQ(decoded("dd0000000101"), "[1]");
  EXPECT_EQ(decoded("de0001d9016101"), R"({"a":1})");
  EXPECT_EQ(decoded("df00000001a16101"), R"({"a":1})");
}

TEST(Msgpack, ReadsShortFloats) {
  EXPECT_EQ(value_of("ca3fc00000"), json::value(1.5));
  EXPECT_EQ(value_of("cabdcccccd"), json::value(static_cast<double>(-0.1f)));
}

TEST(Msgpack, MakesNullOfWhatJsonCannotSay) {
  for (const std::string_view number :
       {"cb7ff0000000000000", "cbfff0000000000000", "cb7ff8000000000000", "ca7f800000", "ca7fc00000"}) {
    EXPECT_EQ(decoded(number), "null") << number;
  }
}

TEST(Msgpack, MakesNullOfUndefinedAndLeavesItOutOfObjects) {
  EXPECT_EQ(decoded("d40000"), "null");
  EXPECT_EQ(decoded("92d4000001"), "[null,1]");
  EXPECT_EQ(decoded("83a161d40000a162c0a16301"), R"({"b":null,"c":1})");
  EXPECT_EQ(decoded("82a16101a161d40000"), "{}");
}

TEST(Msgpack, KeepsTheLastOfAKeyThatComesTwice) { EXPECT_EQ(decoded("82a1619101a16180"), R"({"a":{}})"); }

TEST(Msgpack, MakesDecimalStringsOfKeysThatAreIntegers) {
  EXPECT_EQ(decoded("8300c0cc80c0e0c0"), R"({"0":null,"128":null,"-32":null})");
  EXPECT_EQ(decoded("82cfffffffffffffffffc0d38000000000000000c0"),
            R"({"18446744073709551615":null,"-9223372036854775808":null})");
}

TEST(Msgpack, RefusesOtherKeys) {
  for (const std::string_view key : {"c0", "c1", "c2", "c3", "c400", "c70000", "ca3fc00000", "cb3ff8000000000000", "d40000",
                                     "d6ff00000000", "80", "90", "dc0000", "de0000"}) {
    EXPECT_EQ(error_of(octets_of("81" + std::string(key) + "01")), MsgpackError::bad_key) << key;
  }
}

TEST(Msgpack, MakesAttachmentsOfOctets) {
  // bin 8, 16, 32, and ext 8, 16, 32 of type 0: an ArrayBuffer of notepack 2.2.
  const auto result = msgpack_decode(octets_of("96c4020001c50001ffc6000000017fc7020002fdc80001000ac90000000000"));
  ASSERT_TRUE(result.has_value());
  EXPECT_THAT(result->attachments, ElementsAre(Bytes(octets_of("0001")), Bytes(octets_of("ff")), Bytes(octets_of("7f")),
                                               Bytes(octets_of("02fd")), Bytes(octets_of("0a")), Bytes()));
  json::array expected;
  for (std::size_t i = 0; i < 6; ++i) expected.push_back(placeholder(i));
  EXPECT_EQ(result->value, expected);
}

TEST(Msgpack, WritesOctetsOfAllSizes) {
  for (const auto& [size, head] :
       {std::pair{0, "c400"}, {1, "c401"}, {255, "c4ff"}, {256, "c50100"}, {65'535, "c5ffff"}, {65'536, "c600010000"}}) {
    const std::vector<Bytes> attachments{Bytes(std::string(static_cast<std::size_t>(size), 'x'))};
    const std::string octets = msgpack_encode(placeholder(0), attachments);
    EXPECT_EQ(hex(octets), head + repeated("78", static_cast<std::size_t>(size)));
    const auto again = msgpack_decode(octets);
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->attachments, attachments);
  }
}

TEST(Msgpack, PutsEachAttachmentWhereItsPlaceholderStands) {
  const json::value value = json::parse(R"(["a",{"b":{"num":1,"_placeholder":true}},[{"_placeholder":true,"num":0}]])");
  const std::vector<Bytes> attachments{Bytes::copy_of("x"), Bytes::copy_of("y")};
  EXPECT_EQ(hex(msgpack_encode(value, attachments)), "93a16181a162c4017991c40178");
}

TEST(Msgpack, WritesAnAttachmentOnceHoweverOftenItIsNamed) {
  const std::vector<Bytes> attachments{Bytes(std::string(10'000, 'x'))};
  const std::string octets = msgpack_encode(json::array(1'000, placeholder(0)), attachments);
  EXPECT_LT(octets.size(), 10'000u + 1'000 * 32);
  const auto again = msgpack_decode(octets);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->attachments, attachments);
  EXPECT_EQ(again->value.at(0), json::value(placeholder(0)));
}

TEST(Msgpack, WritesAPlaceholderThatNamesNoAttachmentAsItIs) {
  for (const std::string_view text :
       {R"({"_placeholder":true,"num":1})", R"({"_placeholder":true,"num":-1})", R"({"_placeholder":true,"num":"0"})",
        R"({"_placeholder":true})", R"({"_placeholder":false,"num":0})", R"({"_placeholder":1,"num":0})", R"({"num":0})"}) {
    const std::vector<Bytes> attachments{Bytes::copy_of("x")};
    EXPECT_EQ(decoded(hex(msgpack_encode(json::parse(text), attachments))), text);
    EXPECT_EQ(decoded(hex(msgpack_encode(json::parse(text)))), text);
  }
}

TEST(Msgpack, MakesTextOfDates) {
  // notepack 2.2: milliseconds.
  EXPECT_EQ(decoded("d7000000018bcfe5687b"), R"("2023-11-14T22:13:20.123Z")");
  EXPECT_EQ(decoded("d7000000000000000000"), R"("1970-01-01T00:00:00.000Z")");
  EXPECT_EQ(decoded("d700ffffffffffffffff"), R"("1969-12-31T23:59:59.999Z")");
  // The timestamps of MessagePack, as notepack 3.0 writes them.
  EXPECT_EQ(decoded("d6ff6553f100"), R"("2023-11-14T22:13:20.000Z")");
  EXPECT_EQ(decoded("d6ffffffffff"), R"("2106-02-07T06:28:15.000Z")");
  EXPECT_EQ(decoded("d7ff1d5353006553f100"), R"("2023-11-14T22:13:20.123Z")");
  EXPECT_EQ(decoded("d7ff0000000300000000"), R"("2378-04-22T19:24:48.000Z")");
  EXPECT_EQ(decoded("c70cff3b8b87c0ffffffffffffffff"), R"("1969-12-31T23:59:59.999Z")");
  EXPECT_EQ(decoded("c70cff000000000000000400000000"), R"("2514-05-30T01:53:04.000Z")");
  EXPECT_EQ(decoded("c8000cff000000000000000000000000"), R"("1970-01-01T00:00:00.000Z")");
}

TEST(Msgpack, MakesNullOfDatesThatRfc3339CannotWrite) {
  EXPECT_EQ(decoded("d700ffffc77590fba000"), R"("0000-01-01T00:00:00.000Z")");
  EXPECT_EQ(decoded("d700ffffc77590fb9fff"), "null");
  EXPECT_EQ(decoded("d700ffffe421a8c7a800"), R"("0999-01-01T00:00:00.000Z")");
  EXPECT_EQ(decoded("d7000000e677d21fdbff"), R"("9999-12-31T23:59:59.999Z")");
  EXPECT_EQ(decoded("d7000000e677d21fdc00"), "null");
  for (const std::string_view date :
       {"d700001eb208c2dc0000", "d700ffe14df73d240000", "d7007fffffffffffffff", "d7008000000000000000",
        "c70cff000000007fffffffffffffff", "c70cff000000008000000000000000", "c70cff00000000fffff82457de8000"}) {
    EXPECT_EQ(decoded(date), "null") << date;
  }
}

TEST(Msgpack, RefusesExtensionsThatItDoesNotKnow) {
  for (const std::string_view extension :
       {"d40100", "d4ff00", "d5000000", "d5ff0000", "d60000000000", "d7010000000000000000",
        "d80000000000000000000000000000000000", "d8ff00000000000000000000000000000000", "c70001", "c70101aa", "c700ff",
        "c703ff000000", "c8000101aa", "c90000000101aa", "c70dff00000000000000000000000000"}) {
    EXPECT_EQ(error_of(octets_of(extension)), MsgpackError::bad_extension) << extension;
  }
}

TEST(Msgpack, RefusesATimestampOfMoreNanosecondsThanASecondHas) {
  EXPECT_EQ(decoded("d7ffee6b27fc00000000"), R"("1970-01-01T00:00:00.999Z")");
  EXPECT_EQ(error_of(octets_of("d7ffee6b280000000000")), MsgpackError::bad_extension);
  EXPECT_EQ(decoded("c70cff3b9ac9ff0000000000000000"), R"("1970-01-01T00:00:00.999Z")");
  EXPECT_EQ(error_of(octets_of("c70cff3b9aca000000000000000000")), MsgpackError::bad_extension);
}

}  // namespace
}  // namespace atrium::socketio
