#include "socketio/msgpack_packet.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "socketio/msgpack_codec.h"
#include "socketio/msgpack_writer.h"
#include "socketio/packet_decoder.h"
#include "socketio/placeholder.h"
#include "tests/support/every_cut.h"
#include "tests/support/hex.h"

namespace atrium::socketio {
namespace {

using test::hex;
using test::octets_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Packet decode(std::string_view octets) {
  auto result = decode_msgpack(octets);
  EXPECT_TRUE(result.has_value()) << hex(octets) << ": " << to_string(result.error());
  return result.has_value() ? *std::move(result) : Packet{};
}

std::optional<DecodeError> error_of(std::string_view octets, std::size_t max_attachments = 10) {
  const auto result = decode_msgpack(octets, max_attachments);
  if (result.has_value()) return std::nullopt;
  return result.error();
}

/// What is wrong with a packet that is, in MessagePack, what `text` is in JSON.
std::optional<DecodeError> error_of_json(std::string_view text) { return error_of(msgpack_encode(json::parse(text))); }

void expect_packet(std::string_view digits, PacketType type, std::string_view nsp, std::optional<std::uint64_t> id,
                   std::optional<std::string> data, const std::vector<Bytes>& attachments = {}) {
  SCOPED_TRACE(digits);
  const Packet packet = decode(octets_of(digits));
  EXPECT_EQ(packet.type, type);
  EXPECT_EQ(packet.nsp, nsp);
  EXPECT_EQ(packet.id, id);
  EXPECT_EQ(packet.data ? std::optional(json::serialize(*packet.data)) : std::nullopt, data);
  EXPECT_EQ(packet.attachments, attachments);
}

// Recorded from socket.io-client 4.8.3 with socket.io-msgpack-parser 3.0.2 (notepack.io 2.2.0) under Node 20, unless said
// otherwise.

TEST(MsgpackPacket, ReadsWhatAClientSendsToConnect) {
  expect_packet("83a47479706500a464617461d40000a36e7370a12f", PacketType::connect, "/", {}, {});
  expect_packet("83a47479706500a464617461d40000a36e7370a62f61646d696e", PacketType::connect, "/admin", {}, {});
  expect_packet("83a47479706500a46461746181a5746f6b656ea174a36e7370a52f63686174", PacketType::connect, "/chat", {},
                R"({"token":"t"})");
}

TEST(MsgpackPacket, ReadsTheEventsOfAClient) {
  // emit("m", "text", Buffer, ArrayBuffer, Date, undefined, {u: undefined, n: null, d: [1.5, -1, true]})
  expect_packet(
      "84a47479706502a46461746197a16da474657874c402deadc70300010203d7000000018bcfe5687bd4000083a175d40000a16ec0a16493cb3ff8"
      "000000000000ffc3a76f7074696f6e7381a8636f6d7072657373c3a36e7370a12f",
      PacketType::event, "/", {},
      R"(["m","text",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1},"2023-11-14T22:13:20.123Z",null,)"
      R"({"n":null,"d":[1.5E0,-1,true]}])",
      {Bytes(octets_of("dead")), Bytes(octets_of("010203"))});
  // emit("m2", Uint8Array, new Date(-1), 300, -300, 70000, 2**40, -(2**40), 2**53, 0.1, new Date(NaN))
  expect_packet(
      "84a47479706502a4646174619ba26d32c702000708d700ffffffffffffffffcd012cd1fed4ce00011170cf0000010000000000d3ffffff00000000"
      "00cf0020000000000000cb3fb999999999999ad7000000000000000000a76f7074696f6e7381a8636f6d7072657373c3a36e7370a12f",
      PacketType::event, "/", {},
      R"(["m2",{"_placeholder":true,"num":0},"1969-12-31T23:59:59.999Z",300,-300,70000,1099511627776,-1099511627776,)"
      R"(9007199254740992,1E-1,"1970-01-01T00:00:00.000Z"])",
      {Bytes(octets_of("0708"))});
  // emit("q", {x: 1}, callback)
  expect_packet("85a47479706502a46461746192a17181a17801a76f7074696f6e7381a8636f6d7072657373c3a2696400a36e7370a12f",
                PacketType::event, "/", 0, R"(["q",{"x":1}])");
}

TEST(MsgpackPacket, ReadsTheAnswersAndTheGoodbyeOfAClient) {
  // callback("yes", {b: ArrayBuffer})
  expect_packet("84a47479706503a2696400a46461746192a379657381a162c7010009a36e7370a12f", PacketType::ack, "/", 0,
                R"(["yes",{"b":{"_placeholder":true,"num":0}}])", {Bytes(octets_of("09"))});
  expect_packet("82a47479706501a36e7370a12f", PacketType::disconnect, "/", {}, {});
}

TEST(MsgpackPacket, ReadsWhatABrowserMakesOfOctets) {
  // notepack's code for browsers writes an ArrayBuffer as bin, and has an object of numbers for a Uint8Array.
  expect_packet("83a47479706502a46461746193a161c402010282a13001a13102a36e7370a12f", PacketType::event, "/", {},
                R"(["a",{"_placeholder":true,"num":0},{"0":1,"1":2}])", {Bytes(octets_of("0102"))});
}

// socket.io 4.8.3 with the same parser; it also sends the "pid" of a CONNECT, undefined.
TEST(MsgpackPacket, WritesWhatTheServerOfNodeWrites) {
  EXPECT_EQ(
      hex(encode_msgpack(
              {.type = PacketType::event, .data = json::array{"hi", 1, placeholder(0)}, .attachments = {Bytes::copy_of("ab")}})
              .view()),
      "83a47479706502a46461746193a2686901c4026162a36e7370a12f");
  EXPECT_EQ(hex(encode_msgpack({.type = PacketType::event, .id = 0, .data = json::array{"ask"}}).view()),
            "84a47479706502a46461746191a361736ba2696400a36e7370a12f");
  EXPECT_EQ(hex(encode_msgpack({.type = PacketType::disconnect, .nsp = "/chat"}).view()), "82a47479706501a36e7370a52f63686174");
  EXPECT_EQ(hex(encode_msgpack({.type = PacketType::connect_error,
                                .nsp = "/admin",
                                .data = json::object{{"message", "no"}, {"data", {{"code", 7}}}}})
                    .view()),
            "83a47479706504a46461746182a76d657373616765a26e6fa46461746181a4636f646507a36e7370a62f61646d696e");
  expect_packet("83a47479706500a46461746182a3736964b4465466336c32304f356e48503074473341414141a3706964d40000a36e7370a12f",
                PacketType::connect, "/", {}, R"({"sid":"FTf3l20O5nHP0tG3AAAA"})");
  // There "id" and "type" come first.
  expect_packet("84a2696400a47479706503a4646174619281a26f6bc3c4020102a36e7370a12f", PacketType::ack, "/", 0,
                R"([{"ok":true},{"_placeholder":true,"num":0}])", {Bytes(octets_of("0102"))});
}

TEST(MsgpackPacket, WritesTheBinaryTypesAsTheOthers) {
  const Packet event{.type = PacketType::binary_event, .data = json::array{"a"}};
  const Packet ack{.type = PacketType::binary_ack, .id = 1, .data = json::array{}};
  EXPECT_EQ(decode(encode_msgpack(event).view()).type, PacketType::event);
  EXPECT_EQ(decode(encode_msgpack(ack).view()).type, PacketType::ack);
}

TEST(MsgpackPacket, ReadsWhatItWrote) {
  const json::value data{"name", 1, -2.5, nullptr, true, {{"\xe2\x82\xac", placeholder(1)}}, placeholder(0)};
  const std::vector<Bytes> attachments{Bytes::copy_of("first"), Bytes::copy_of("second")};
  for (const PacketType type : {PacketType::event, PacketType::ack}) {
    for (const std::string nsp : {"/", "/chat", "/a,b?c=d"}) {
      const Packet packet{.type = type, .nsp = nsp, .id = kMaxAckId, .data = data, .attachments = attachments};
      const Packet again = decode(encode_msgpack(packet).view());
      EXPECT_EQ(again.type, type);
      EXPECT_EQ(again.nsp, nsp);
      EXPECT_EQ(again.id, kMaxAckId);
      // The attachments are numbered anew, in the order in which they come.
      EXPECT_EQ(json::serialize(*again.data), R"(["name",1,-2.5E0,null,true,{"€":{"_placeholder":true,"num":0}},)"
                                              R"({"_placeholder":true,"num":1}])");
      EXPECT_THAT(again.attachments, ElementsAre(attachments[1], attachments[0]));
    }
  }
}

TEST(MsgpackPacket, WritesAnEventWithoutAPacket) {
  const Outgoing event = Outgoing::of("message", Bytes::copy_of("octets"), 5);
  for (const std::optional<std::uint64_t> id : {std::optional<std::uint64_t>(), std::optional<std::uint64_t>(7)}) {
    EXPECT_EQ(encode_msgpack_event("/chat", id, event),
              encode_msgpack({.nsp = "/chat", .id = id, .data = event.array, .attachments = event.attachments}));
  }
}

TEST(MsgpackPacket, IsReadInAnyOrderAndWithOtherKeys) {
  EXPECT_EQ(error_of_json(R"({"nsp":"/","x":[{}],"data":["a"],"options":null,"type":2})"), std::nullopt);
  // 2.0 is what 2 is, for JavaScript.
  EXPECT_EQ(error_of(octets_of("83a474797065cb4000000000000000a46461746191a161a36e7370a12f")), std::nullopt);
}

TEST(MsgpackPacket, RefusesWhatIsNoMap) {
  for (const std::string_view text : {"[]", "null", R"("2[\"a\"]")", "[2,[\"a\"]]"}) {
    EXPECT_EQ(error_of_json(text), DecodeError::bad_msgpack) << text;
  }
  EXPECT_EQ(error_of(""), DecodeError::bad_msgpack);
  EXPECT_EQ(error_of(octets_of("c400")), DecodeError::unknown_type) << "octets are no packet";
  EXPECT_EQ(error_of(octets_of("81a474797065c1")), DecodeError::bad_msgpack);
}

TEST(MsgpackPacket, RefusesAnUnknownType) {
  for (const std::string_view type : {"5", "6", "-1", "0.5", "\"2\"", "null", "[2]", "{}", "18446744073709551615", "true"}) {
    EXPECT_EQ(error_of_json(R"({"nsp":"/","data":["a"],"id":1,"type":)" + std::string(type) + "}"), DecodeError::unknown_type)
        << type;
  }
  EXPECT_EQ(error_of_json(R"({"nsp":"/","data":["a"]})"), DecodeError::unknown_type);
}

TEST(MsgpackPacket, RefusesABadNamespace) {
  for (const std::string_view nsp : {"\"\"", "\"chat\"", "null", "1", "{}", "[\"/\"]"}) {
    EXPECT_EQ(error_of_json(R"({"type":0,"nsp":)" + std::string(nsp) + "}"), DecodeError::bad_namespace) << nsp;
  }
  EXPECT_EQ(error_of_json(R"({"type":0})"), DecodeError::bad_namespace);
}

TEST(MsgpackPacket, TakesAnIdAsFarAsJavaScriptCounts) {
  const auto with_id = [](std::string_view id) {
    return error_of_json(R"({"type":3,"nsp":"/","data":[],"id":)" + std::string(id) + "}");
  };
  EXPECT_EQ(with_id("0"), std::nullopt);
  EXPECT_EQ(with_id("9007199254740992"), std::nullopt);
  for (const std::string_view id : {"9007199254740993", "-1", "0.5", "null", "\"1\"", "[]", "18446744073709551615"}) {
    EXPECT_EQ(with_id(id), DecodeError::bad_ack_id) << id;
  }
  EXPECT_EQ(error_of_json(R"({"type":3,"nsp":"/","data":[]})"), DecodeError::bad_ack_id);
}

// The JSON wire is the measure: what one decoder refuses, the other refuses for the same reason.
TEST(MsgpackPacket, IsHeldToTheRulesOfTheJsonWire) {
  const std::vector<std::string> payloads{"",
                                          "{}",
                                          R"({"a":1})",
                                          R"("text")",
                                          "null",
                                          "true",
                                          "[]",
                                          "[null]",
                                          "[{}]",
                                          "[1]",
                                          R"([""])",
                                          R"(["a",null])",
                                          R"(["connect"])",
                                          R"(["disconnect"])",
                                          R"(["newListener"])",
                                          R"(["connect_error"])",
                                          R"(["disconnecting"])",
                                          R"(["removeListener",1])",
                                          R"(["connects"])"};
  std::size_t refused = 0;
  for (const int type : {0, 1, 2, 3, 4}) {
    for (const std::string id : {"", "1"}) {
      for (const std::string& payload : payloads) {
        PacketDecoder decoder;
        const auto expected = decoder.feed_text(std::to_string(type) + id + payload);
        const std::string packet = R"({"type":)" + std::to_string(type) + R"(,"nsp":"/")" +
                                   (id.empty() ? "" : R"(,"id":)" + id) + (payload.empty() ? "" : R"(,"data":)" + payload) +
                                   "}";
        EXPECT_EQ(error_of_json(packet), expected.has_value() ? std::nullopt : std::optional(expected.error())) << packet;
        refused += expected.has_value() ? 0 : 1;
      }
    }
  }
  EXPECT_GT(refused, 100u);
}

TEST(MsgpackPacket, RefusesOctetsWhereAnObjectOrANameIsDue) {
  EXPECT_EQ(error_of(octets_of("83a47479706500a464617461c400a36e7370a12f")), DecodeError::bad_payload);
  EXPECT_EQ(error_of(octets_of("83a47479706504a464617461c400a36e7370a12f")), DecodeError::bad_payload);
  EXPECT_EQ(error_of(octets_of("83a47479706502a46461746191c400a36e7370a12f")), DecodeError::bad_payload);
  EXPECT_EQ(error_of(octets_of("83a47479706502a464617461c400a36e7370a12f")), DecodeError::bad_payload);
  EXPECT_EQ(error_of(octets_of("83a47479706502a46461746191a161a36e7370c4012f")), DecodeError::bad_namespace);
}

TEST(MsgpackPacket, BoundsTheNumberOfAttachments) {
  const auto event_with = [](std::size_t attachments) {
    Packet packet{.data = json::array{"a"}, .attachments = std::vector<Bytes>(attachments)};
    for (std::size_t i = 0; i < attachments; ++i) packet.data->get_array().push_back(placeholder(i));
    return std::string(encode_msgpack(packet).view());
  };
  EXPECT_EQ(error_of(event_with(10)), std::nullopt);
  EXPECT_EQ(error_of(event_with(11)), DecodeError::too_many_attachments);
  EXPECT_EQ(error_of(event_with(2), 2), std::nullopt);
  EXPECT_EQ(error_of(event_with(3), 2), DecodeError::too_many_attachments);
}

TEST(MsgpackPacket, BoundsTheDepthOfItsData) {
  const auto nested = [](std::size_t depth) {
    return octets_of("83a47479706502a36e7370a12fa46461746192a161") + std::string(depth - 1, '\x91') + "\x90";
  };
  EXPECT_EQ(error_of(nested(31)), std::nullopt);
  EXPECT_EQ(error_of(nested(32)), DecodeError::bad_msgpack);
}

TEST(MsgpackPacket, RefusesAnAttachmentThatDidNotCome) {
  const json::value forged = json::parse(R"({"_placeholder":true,"num":1})");
  const Packet with_octets{.data = json::array{"a", placeholder(0), forged}, .attachments = {Bytes::copy_of("x")}};
  EXPECT_EQ(error_of(encode_msgpack(with_octets).view()), DecodeError::bad_attachment_index);
  EXPECT_EQ(error_of(encode_msgpack({.data = json::array{"a", forged}}).view()), std::nullopt) << "as on the JSON wire";
}

TEST(MsgpackPacket, IsRefusedWhenItWasCutOff) {
  const Packet packet{
      .nsp = "/chat", .id = 300, .data = json::array{"a", placeholder(0), 1.5}, .attachments = {Bytes::copy_of("x")}};
  const Bytes whole = encode_msgpack(packet);
  test::every_prefix(whole.view(), [&](std::string_view octets) {
    const bool is_whole = octets.size() == whole.size();
    EXPECT_EQ(error_of(octets), is_whole ? std::nullopt : std::optional(DecodeError::bad_msgpack)) << octets.size();
  });
}

}  // namespace
}  // namespace atrium::socketio
