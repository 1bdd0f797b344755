#include "engineio/payload.h"

#include <utility>

#include "base/base64.h"
#include "base/utf8.h"

namespace atrium::engineio {

std::optional<PayloadReader::Item> PayloadReader::next() {
  if (over_) return std::nullopt;
  const std::size_t end = rest_.find(kSeparator);
  const auto packet = decode(rest_.substr(0, end));
  failed_ = !packet;
  over_ = failed_ || end == rest_.npos;
  if (failed_) return std::nullopt;
  if (!over_) rest_.remove_prefix(end + 1);
  return Item{*packet};
}

std::optional<Packet> PayloadReader::decode(std::string_view encoded) {
  if (!encoded.starts_with('b')) return is_valid_utf8(encoded) ? decode_text(encoded) : std::nullopt;
  auto octets = base64_decode(encoded.substr(1));
  if (!octets) return std::nullopt;
  octets_ = std::move(*octets);
  return Packet{.type = PacketType::message, .data = octets_, .binary = true};
}

std::string encode_binary(std::string_view octets) { return 'b' + base64_encode(octets); }

}  // namespace atrium::engineio
