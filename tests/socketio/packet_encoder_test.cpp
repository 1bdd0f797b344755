#include "socketio/packet_encoder.h"

#include <gmock/gmock.h>

namespace atrium::socketio {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string text_of(const Packet& packet) {
  const EncodedPacket encoded = encode(packet);
  EXPECT_THAT(encoded.attachments, IsEmpty());
  return encoded.text;
}

json::value octets_at(int index) { return {{"_placeholder", true}, {"num", index}}; }

// Socket.IO 5, "Packet encoding".
TEST(PacketEncoder, EncodesTheExamplesOfTheProtocol) {
  EXPECT_EQ(text_of({.type = PacketType::connect}), "0");
  EXPECT_EQ(text_of({.type = PacketType::connect, .nsp = "/admin", .data = json::object{{"sid", "oSO0OpakMV_3jnilAAAA"}}}),
            R"(0/admin,{"sid":"oSO0OpakMV_3jnilAAAA"})");
  EXPECT_EQ(text_of({.type = PacketType::connect_error, .data = json::object{{"message", "Not authorized"}}}),
            R"(4{"message":"Not authorized"})");
  EXPECT_EQ(text_of({.type = PacketType::event, .data = json::array{"foo"}}), R"(2["foo"])");
  EXPECT_EQ(text_of({.type = PacketType::event, .nsp = "/admin", .data = json::array{"bar"}}), R"(2/admin,["bar"])");
  EXPECT_EQ(text_of({.type = PacketType::event, .id = 12, .data = json::array{"foo"}}), R"(212["foo"])");
  EXPECT_EQ(text_of({.type = PacketType::ack, .nsp = "/admin", .id = 13, .data = json::array{"bar"}}), R"(3/admin,13["bar"])");
  EXPECT_EQ(text_of({.type = PacketType::disconnect}), "1");
  EXPECT_EQ(text_of({.type = PacketType::disconnect, .nsp = "/admin"}), "1/admin,");
}

TEST(PacketEncoder, MakesAnEventWithAttachmentsBinary) {
  const Bytes first = Bytes::copy_of("\x01\x02");
  const Bytes second = Bytes::copy_of("\x03\x04");
  const EncodedPacket encoded = encode({.type = PacketType::event,
                                        .nsp = "/admin",
                                        .data = json::array{"baz", octets_at(0), octets_at(1)},
                                        .attachments = {first, second}});
  EXPECT_EQ(encoded.text, R"(52-/admin,["baz",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])");
  EXPECT_THAT(encoded.attachments, ElementsAre(first, second));
}

TEST(PacketEncoder, MakesAnAckWithAttachmentsBinary) {
  const Bytes octets = Bytes::copy_of("\x01\x02\x03\x04");
  const EncodedPacket encoded =
      encode({.type = PacketType::ack, .id = 15, .data = json::array{"bar", octets_at(0)}, .attachments = {octets}});
  EXPECT_EQ(encoded.text, R"(61-15["bar",{"_placeholder":true,"num":0}])");
  EXPECT_THAT(encoded.attachments, ElementsAre(octets));
}

TEST(PacketEncoder, SharesTheOctetsOfAttachments) {
  const Bytes octets = Bytes::copy_of("\x01");
  const EncodedPacket encoded = encode({.data = json::array{"a", octets_at(0)}, .attachments = {octets}});
  EXPECT_EQ(encoded.attachments[0].view().data(), octets.view().data());
}

TEST(PacketEncoder, MakesABinaryTypeWithoutAttachmentsPlain) {
  EXPECT_EQ(text_of({.type = PacketType::binary_event, .data = json::array{"foo"}}), R"(2["foo"])");
  EXPECT_EQ(text_of({.type = PacketType::binary_ack, .id = 1, .data = json::array{}}), "31[]");
}

TEST(EncodeEvent, PutsReadyJsonBehindTheHead) {
  EXPECT_EQ(encode_event("/", std::nullopt, R"(["foo",1])"), R"(2["foo",1])");
  EXPECT_EQ(encode_event("/admin", std::nullopt, R"(["foo"])"), R"(2/admin,["foo"])");
  EXPECT_EQ(encode_event("/", 0, R"(["foo"])"), R"(20["foo"])");
  EXPECT_EQ(encode_event("/admin", 456, R"(["foo"])"), R"(2/admin,456["foo"])");
}

}  // namespace
}  // namespace atrium::socketio
