// The input is the messages of one connection, with 0x1e between them; one that opens with "b" is binary.

#include <cstdint>
#include <string>

#include "fuzz/check.h"
#include "socketio/packet_decoder.h"
#include "socketio/packet_encoder.h"

namespace {

using namespace atrium;
using fuzz::check;

constexpr std::size_t kMaxAttachments = 3;

void check_round_trip(const socketio::Packet& packet) {
  const socketio::EncodedPacket encoded = socketio::encode(packet);
  socketio::PacketDecoder decoder(kMaxAttachments);
  auto again = decoder.feed_text(encoded.text);
  for (const Bytes& octets : encoded.attachments) {
    check(again.has_value() && !again->has_value() && decoder.waiting_for_attachments(), "attachments are waited for");
    again = decoder.feed_binary(octets.view());
  }
  check(again.has_value() && again->has_value(), "what was decoded can be encoded and decoded again");
  check((*again)->type == packet.type && (*again)->nsp == packet.nsp && (*again)->id == packet.id, "the head stays the same");
  check((*again)->attachments == packet.attachments, "the attachments stay the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  socketio::PacketDecoder decoder(kMaxAttachments);
  while (!rest.empty()) {
    const std::size_t end = rest.find('\x1e');
    const std::string_view message = rest.substr(0, end);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    const bool waiting = decoder.waiting_for_attachments();
    const auto result = message.starts_with('b') ? decoder.feed_binary(message.substr(1)) : decoder.feed_text(message);
    if (!result.has_value()) {
      check(!socketio::to_string(result.error()).empty(), "an error has words");
      return 0;
    }
    check(message.starts_with('b') == waiting, "binary comes when it is due and only then");
    check(result->has_value() != decoder.waiting_for_attachments(), "a packet is whole, or waits");
    if (*result) check_round_trip(**result);
  }
  return 0;
}
