// The input is one MessagePack value, which may be a packet.

#include <cstdint>
#include <string>

#include "fuzz/check.h"
#include "socketio/msgpack_codec.h"
#include "socketio/msgpack_packet.h"
#include "socketio/placeholder.h"

namespace {

using namespace atrium;
using fuzz::check;
namespace json = boost::json;

constexpr socketio::MsgpackLimits kLimits{.max_depth = 8, .max_attachments = 3};

void check_value(const json::value& value, std::size_t levels_left) {
  check(!value.is_double() || value.get_double() - value.get_double() == 0, "a number is finite");
  if (const json::array* array = value.if_array()) {
    check(levels_left > 0, "an array is not too deep");
    for (const json::value& element : *array) check_value(element, levels_left - 1);
  } else if (const json::object* object = value.if_object(); object && !socketio::is_placeholder(*object)) {
    check(levels_left > 0, "an object is not too deep");
    for (const auto& member : *object) check_value(member.value(), levels_left - 1);
  }
}

void try_value(std::string_view octets) {
  const auto decoded = socketio::msgpack_decode(octets, kLimits);
  if (!decoded.has_value()) {
    check(!socketio::to_string(decoded.error()).empty(), "an error has words");
    return;
  }
  check(decoded->attachments.size() <= kLimits.max_attachments, "there are no more attachments than allowed");
  check_value(decoded->value, kLimits.max_depth);

  const std::string written = socketio::msgpack_encode(decoded->value, decoded->attachments);
  check(written.size() <= 5 * octets.size(), "what was read is not written many times as large");  // a date: 6 octets, then 25
  if (decoded->attachments.empty()) {
    const auto again = socketio::msgpack_decode(written, kLimits);
    check(again.has_value(), "what was written can be read");
    check(socketio::msgpack_encode(again->value) == written, "nothing changes when it is read again");
  }
}

void try_packet(std::string_view octets) {
  const auto packet = socketio::decode_msgpack(octets, kLimits.max_attachments);
  if (!packet.has_value()) {
    check(!socketio::to_string(packet.error()).empty(), "an error has words");
    return;
  }
  check(!socketio::broken_rule(*packet), "a packet keeps the rules");
  check(packet->nsp.starts_with('/'), "a namespace is a path");
  check(!packet->data || packet->attachments.empty() ||
            socketio::placeholders_in_range(*packet->data, packet->attachments.size()),
        "placeholders name attachments");

  const Bytes written = socketio::encode_msgpack(*packet);
  const auto again = socketio::decode_msgpack(written.view(), kLimits.max_attachments);
  check(again.has_value(), "what was decoded can be encoded and decoded again");
  check(again->type == packet->type && again->nsp == packet->nsp && again->id == packet->id, "the head stays the same");
  check(again->data.has_value() == packet->data.has_value(), "a payload stays, or stays out");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  try_value(octets);
  try_packet(octets);
  return 0;
}
