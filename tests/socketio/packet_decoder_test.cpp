#include "socketio/packet_decoder.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "socketio/packet_encoder.h"
#include "tests/support/every_cut.h"

namespace atrium::socketio {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// The packet that `text` is; fails the test and gives an empty one when it is none.
Packet decode(std::string_view text) {
  PacketDecoder decoder;
  auto result = decoder.feed_text(text);
  EXPECT_TRUE(result.has_value()) << text << ": " << to_string(result.error());
  if (!result.has_value()) return {};
  EXPECT_TRUE(result->has_value()) << text << " waits for attachments";
  return result->value_or(Packet{});
}

/// What is wrong with `text`; none when it is a packet or the start of one.
std::optional<DecodeError> error_of(std::string_view text, std::size_t max_attachments = 10) {
  PacketDecoder decoder(max_attachments);
  const auto result = decoder.feed_text(text);
  if (result.has_value()) return std::nullopt;
  return result.error();
}

void expect_packet(std::string_view text, PacketType type, std::string_view nsp, std::optional<std::uint64_t> id,
                   std::optional<json::value> data) {
  SCOPED_TRACE(text);
  const Packet packet = decode(text);
  EXPECT_EQ(packet.type, type);
  EXPECT_EQ(packet.nsp, nsp);
  EXPECT_EQ(packet.id, id);
  EXPECT_EQ(packet.data, data);
  EXPECT_THAT(packet.attachments, IsEmpty());
}

// Socket.IO 5, "Packet encoding".
TEST(PacketDecoder, DecodesTheExamplesOfTheProtocol) {
  expect_packet("0", PacketType::connect, "/", {}, {});
  expect_packet(R"(0/admin,{"sid":"oSO0OpakMV_3jnilAAAA"})", PacketType::connect, "/admin", {},
                json::object{{"sid", "oSO0OpakMV_3jnilAAAA"}});
  expect_packet(R"(4{"message":"Not authorized"})", PacketType::connect_error, "/", {},
                json::object{{"message", "Not authorized"}});
  expect_packet(R"(2["foo"])", PacketType::event, "/", {}, json::array{"foo"});
  expect_packet(R"(2/admin,["bar"])", PacketType::event, "/admin", {}, json::array{"bar"});
  expect_packet(R"(212["foo"])", PacketType::event, "/", 12, json::array{"foo"});
  expect_packet(R"(3/admin,13["bar"])", PacketType::ack, "/admin", 13, json::array{"bar"});
  expect_packet("1", PacketType::disconnect, "/", {}, {});
  expect_packet("1/admin,", PacketType::disconnect, "/admin", {}, {});
}

TEST(PacketDecoder, ReadsANamespaceToItsCommaOrToTheEnd) {
  expect_packet("0/custom", PacketType::connect, "/custom", {}, {});
  expect_packet("0/custom,", PacketType::connect, "/custom", {}, {});
  expect_packet("0/nodata?x=1", PacketType::connect, "/nodata?x=1", {}, {});
  expect_packet(R"(0/a/b,{"token":"1,2"})", PacketType::connect, "/a/b", {}, json::object{{"token", "1,2"}});
  EXPECT_EQ(error_of("2/custom"), DecodeError::bad_payload);
}

TEST(PacketDecoder, TakesWhatEachTypeCarries) {
  expect_packet("0{}", PacketType::connect, "/", {}, json::object{});
  expect_packet(R"(4"no")", PacketType::connect_error, "/", {}, json::value("no"));
  expect_packet("31[]", PacketType::ack, "/", 1, json::array{});
  expect_packet(R"(2[1,"a number names it"])", PacketType::event, "/", {}, json::array{1, "a number names it"});
  expect_packet(R"(2["",null])", PacketType::event, "/", {}, json::array{"", nullptr});
}

TEST(PacketDecoder, RefusesWhatATypeDoesNotCarry) {
  for (const std::string_view text :
       {R"(0"text")", "0[1]",  "0null", "1{}",     "1[]", R"(1"")", "2",        "212", "2{}", R"(2"foo")", "2[]",  "2null",
        "2[null]",    "2[{}]", "2[[]]", "2[true]", "31",  "31{}",   R"(31"x")", "4",   "4[]", "4null",     "4true"}) {
    EXPECT_EQ(error_of(text), DecodeError::bad_payload) << text;
  }
}

TEST(PacketDecoder, RefusesTheLibrarysOwnEvents) {
  for (const std::string name : {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"}) {
    EXPECT_EQ(error_of("2[\"" + name + "\"]"), DecodeError::reserved_event) << name;
    EXPECT_EQ(error_of("51-[\"" + name + "\",{\"_placeholder\":true,\"num\":0}]"), DecodeError::reserved_event) << name;
    EXPECT_EQ(error_of("2[\"" + name + "s\"]"), std::nullopt) << name;
    EXPECT_EQ(error_of("31[\"" + name + "\"]"), std::nullopt) << name;
  }
}

TEST(PacketDecoder, RefusesAnUnknownType) {
  for (const std::string_view text : {"", "7", "8", "9[\"a\"]", "a", "[\"a\"]", "/", " 2[\"a\"]", "\xff"}) {
    EXPECT_EQ(error_of(text), DecodeError::unknown_type) << text;
  }
}

TEST(PacketDecoder, TakesAnIdAsFarAsJavaScriptCounts) {
  EXPECT_EQ(decode(R"(20["a"])").id, 0u);
  EXPECT_EQ(decode(R"(29007199254740992["a"])").id, std::uint64_t{1} << 53);
  EXPECT_EQ(error_of(R"(29007199254740993["a"])"), DecodeError::bad_ack_id);
  EXPECT_EQ(error_of(R"(299999999999999999999999999["a"])"), DecodeError::bad_ack_id);
  EXPECT_EQ(error_of(R"(2abc["a"])"), DecodeError::bad_json);
  EXPECT_EQ(error_of(R"(212abc["a"])"), DecodeError::bad_json);
  EXPECT_EQ(error_of(R"(2-1["a"])"), DecodeError::bad_json);
}

TEST(PacketDecoder, WantsTheIdOfAnAck) {
  EXPECT_EQ(error_of("3[]"), DecodeError::bad_ack_id);
  EXPECT_EQ(error_of("3/admin,[]"), DecodeError::bad_ack_id);
}

TEST(PacketDecoder, RefusesWhatIsNoJson) {
  for (const std::string_view text : {"2[", "2[\"a\"", "2[\"a\",]", "2[\"a\"]x", "2[\"a\"][\"b\"]", "2['a']", "0{\"a\":}", "0{",
                                      "4\"x", "2[\"\\x\"]", "2[\"\xff\"]", "2[\"a\nb\"]", "2/a,,[\"x\"]"}) {
    EXPECT_EQ(error_of(text), DecodeError::bad_json) << text;
  }
}

TEST(PacketDecoder, BoundsTheDepthOfJson) {
  const auto nested = [](std::size_t depth) { return "2[\"a\"," + std::string(depth, '[') + std::string(depth, ']') + "]"; };
  EXPECT_EQ(error_of(nested(31)), std::nullopt);
  EXPECT_EQ(error_of(nested(32)), DecodeError::bad_json);
  EXPECT_EQ(error_of(nested(100'000)), DecodeError::bad_json);
}

TEST(PacketDecoder, MendsHalfACharacter) {
  const auto mended = [](std::string_view argument) {
    return json::serialize(decode("2[\"a\",\"" + std::string(argument) + "\"]").data->at(1));
  };
  EXPECT_EQ(mended(R"(\ud83d\ude00)"), "\"\xf0\x9f\x98\x80\"");
  EXPECT_EQ(mended(R"(\ud83d)"), "\"\xef\xbf\xbd\"");
  EXPECT_EQ(mended(R"(\ude00)"), "\"\xef\xbf\xbd\"");
  EXPECT_EQ(mended(R"(x\ud83dy)"), "\"x\xef\xbf\xbdy\"");
  EXPECT_EQ(mended(R"(\ud83d\n)"), "\"\xef\xbf\xbd\\n\"");
  EXPECT_EQ(mended(R"(\uD83D\uD83D\uDE00)"), "\"\xef\xbf\xbd\xf0\x9f\x98\x80\"");
  EXPECT_EQ(mended(R"(\ud83d\u0041)"),
            "\"\xef\xbf\xbd"
            "A\"");
  EXPECT_EQ(mended(R"(\\ud83d\ud83d)"), "\"\\\\ud83d\xef\xbf\xbd\"");
  EXPECT_EQ(error_of(R"(2["a","\ud83d])"), DecodeError::bad_json);
  EXPECT_EQ(error_of(R"(2["a","\ud83d\u12"])"), DecodeError::bad_json);
  EXPECT_EQ(error_of(R"(2["a","\ud83d\)"), DecodeError::bad_json);
}

TEST(PacketDecoder, MakesNullOfANumberTooLarge) {
  expect_packet(R"(2["a",5e520,{"b":[-1e400,1e308]}])", PacketType::event, "/", {},
                json::array{"a", nullptr, json::object{{"b", json::array{nullptr, 1e308}}}});
  EXPECT_EQ(error_of("2[1e400]"), DecodeError::bad_payload);
}

TEST(PacketDecoder, PutsABinaryEventTogether) {
  PacketDecoder decoder;
  const auto head =
      decoder.feed_text(R"(52-/admin,7["baz",{"_placeholder":true,"num":0},{"deep":[{"num":1,"_placeholder":true}]}])");
  ASSERT_TRUE(head.has_value());
  EXPECT_FALSE(head->has_value());
  EXPECT_TRUE(decoder.waiting_for_attachments());

  const auto first = decoder.feed_binary(std::string_view("\x00\x01", 2));
  ASSERT_TRUE(first.has_value());
  EXPECT_FALSE(first->has_value());
  const auto second = decoder.feed_binary("");
  ASSERT_TRUE(second.has_value());
  ASSERT_TRUE(second->has_value());
  EXPECT_FALSE(decoder.waiting_for_attachments());

  const Packet& packet = **second;
  EXPECT_EQ(packet.type, PacketType::event);
  EXPECT_EQ(packet.nsp, "/admin");
  EXPECT_EQ(packet.id, 7u);
  EXPECT_EQ(json::serialize(*packet.data), R"(["baz",{"_placeholder":true,"num":0},{"deep":[{"num":1,"_placeholder":true}]}])");
  EXPECT_THAT(packet.attachments, ElementsAre(Bytes::copy_of({"\x00\x01", 2}), Bytes()));

  EXPECT_EQ(decode(R"(2["next"])").data, json::array{"next"});
}

TEST(PacketDecoder, PutsABinaryAckTogether) {
  PacketDecoder decoder;
  ASSERT_TRUE(decoder.feed_text(R"(61-15["bar",{"_placeholder":true,"num":0}])").has_value());
  const auto whole = decoder.feed_binary("\x01\x02\x03\x04");
  ASSERT_TRUE(whole.has_value() && whole->has_value());
  EXPECT_EQ((*whole)->type, PacketType::ack);
  EXPECT_EQ((*whole)->id, 15u);
  EXPECT_THAT((*whole)->attachments, ElementsAre(Bytes::copy_of("\x01\x02\x03\x04")));
}

TEST(PacketDecoder, TakesAttachmentsThatTheDataDoesNotName) {
  PacketDecoder decoder;
  ASSERT_TRUE(decoder.feed_text(R"(52-["a",{"_placeholder":true,"num":1},{"_placeholder":true,"num":1}])").has_value());
  ASSERT_TRUE(decoder.feed_binary("x").has_value());
  EXPECT_TRUE(decoder.feed_binary("y")->has_value());
}

TEST(PacketDecoder, LeavesWhatOnlyLooksLikeAnAttachment) {
  EXPECT_EQ(error_of(R"(2["a",{"_placeholder":true,"num":5}])"), std::nullopt);
  EXPECT_EQ(error_of(R"(51-["a",{"_placeholder":false,"num":5}])"), std::nullopt);
  EXPECT_EQ(error_of(R"(51-["a",{"_placeholder":1,"num":5}])"), std::nullopt);
  EXPECT_EQ(error_of(R"(51-["a",{"num":5}])"), std::nullopt);
}

TEST(PacketDecoder, RefusesAnAttachmentThatWillNotCome) {
  for (const std::string_view leaf :
       {R"({"_placeholder":true,"num":1})", R"({"_placeholder":true,"num":-1})", R"({"_placeholder":true,"num":0.5})",
        R"({"_placeholder":true,"num":"0"})", R"({"_placeholder":true,"num":null})", R"({"_placeholder":true})",
        R"([{"deep":{"_placeholder":true,"num":18446744073709551615}}])"}) {
    EXPECT_EQ(error_of("51-[\"a\"," + std::string(leaf) + "]"), DecodeError::bad_attachment_index) << leaf;
    EXPECT_EQ(error_of("61-0[" + std::string(leaf) + "]"), DecodeError::bad_attachment_index) << leaf;
  }
}

TEST(PacketDecoder, RefusesABadNumberOfAttachments) {
  for (const std::string_view text :
       {"5", "5[\"a\"]", "5-[\"a\"]", "50-[\"a\"]", "51[\"a\"]", "51", "5a-[\"a\"]", "5 1-[\"a\"]", "5-1-[\"a\"]",
        "51.0-[\"a\"]", "599999999999999999999-[\"a\"]", "6", "60-1[]"}) {
    EXPECT_EQ(error_of(text), DecodeError::bad_attachment_count) << text;
  }
}

TEST(PacketDecoder, BoundsTheNumberOfAttachments) {
  EXPECT_EQ(error_of("510-[\"a\"]"), std::nullopt);
  EXPECT_EQ(error_of("511-[\"a\"]"), DecodeError::too_many_attachments);
  EXPECT_EQ(error_of("52-[\"a\"]", 2), std::nullopt);
  EXPECT_EQ(error_of("53-[\"a\"]", 2), DecodeError::too_many_attachments);
}

TEST(PacketDecoder, RefusesTextWhileAttachmentsAreDue) {
  PacketDecoder decoder;
  ASSERT_TRUE(decoder.feed_text("52-[\"a\"]").has_value());
  ASSERT_TRUE(decoder.feed_binary("x").has_value());
  const auto result = decoder.feed_text("2[\"b\"]");
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error(), DecodeError::attachment_expected);
}

TEST(PacketDecoder, RefusesOctetsThatNoPacketAnnounced) {
  PacketDecoder decoder;
  EXPECT_EQ(decoder.feed_binary("x").error(), DecodeError::unexpected_binary);
  ASSERT_TRUE(decoder.feed_text("51-[\"a\"]").has_value());
  ASSERT_TRUE(decoder.feed_binary("x").has_value());
  EXPECT_EQ(decoder.feed_binary("y").error(), DecodeError::unexpected_binary);
}

TEST(PacketDecoder, SurvivesPacketsThatWereCutOff) {
  for (const std::string_view whole : {R"(52-/admin,7["baz",{"_placeholder":true,"num":0},[1.5e3,"\ud83d\ude00 \u00e9"]])",
                                       R"(0/chat,{"token":"a.b.c"})", R"(3/chat,12[{"ok":true}])", R"(1/chat,)"}) {
    std::size_t prefixes = 0;
    test::every_prefix(whole, [&](std::string_view text) {
      ++prefixes;
      const auto error = error_of(text);
      EXPECT_TRUE(error || !text.empty());
      EXPECT_TRUE(!error || text != whole) << text;
      const bool inside_json = text.ends_with('"') || text.ends_with(':') || text.ends_with('\\');
      EXPECT_TRUE(!inside_json || error == DecodeError::bad_json) << text;
    });
    EXPECT_EQ(prefixes, whole.size() + 1);
  }
}

TEST(PacketDecoder, ReadsWhatTheEncoderWrote) {
  const json::array data{"name", 1, -2.5, nullptr, true, json::object{{"\xe2\x82\xac", "a\"\\\n\x1e,/"}}};
  for (const PacketType type : {PacketType::event, PacketType::ack}) {
    for (const std::string nsp : {"/", "/chat", "/a/b?c=d"}) {
      expect_packet(encode({.type = type, .nsp = nsp, .id = 5, .data = data}).text, type, nsp, 5, data);
    }
  }
  expect_packet(encode_event("/chat", 9, json::serialize(data)), PacketType::event, "/chat", 9, data);
}

TEST(DecodeErrors, HaveWordsOfTheirOwn) {
  std::vector<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(DecodeError::unexpected_binary); ++i) words.push_back(to_string(DecodeError(i)));
  std::sort(words.begin(), words.end());
  EXPECT_EQ(std::unique(words.begin(), words.end()), words.end());
}

}  // namespace
}  // namespace atrium::socketio
