#include "engineio/payload.h"

#include "base/utf8.h"

namespace atrium::engineio {

std::optional<Packet> PayloadReader::next() {
  if (over_) return std::nullopt;
  const std::size_t end = rest_.find(kSeparator);
  const auto packet = decode(rest_.substr(0, end));
  failed_ = !packet;
  over_ = failed_ || end == rest_.npos;
  if (failed_) return std::nullopt;
  if (!over_) rest_.remove_prefix(end + 1);
  return packet;
}

std::optional<Packet> PayloadReader::decode(std::string_view encoded) {
  return is_valid_utf8(encoded) ? decode_packet(encoded, Revision::v4, octets_) : std::nullopt;
}

}  // namespace atrium::engineio
