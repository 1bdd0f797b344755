#include "socketio/packet_decoder.h"

#include <boost/json/parse.hpp>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

namespace atrium::socketio {

namespace {

// What walks through a payload here may recurse: Boost.JSON's parser refuses more than 32 levels.

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes the digits that `text` opens with; none when there are none, or they count to more than `max`.
std::optional<std::uint64_t> take_number(std::string_view& text, std::uint64_t max) {
  std::uint64_t number = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && is_digit(text[digits]); ++digits) {
    number = number * 10 + static_cast<std::uint64_t>(text[digits] - '0');
    if (number > max) return std::nullopt;
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

/// Takes the namespace and the comma that ends it, if there is one.
std::string take_namespace(std::string_view& text) {
  if (!text.starts_with('/')) return "/";
  const std::size_t comma = text.find(',');
  std::string nsp(text.substr(0, comma));
  text.remove_prefix(comma == text.npos ? text.size() : comma + 1);
  return nsp;
}

/// The code unit of an escape "\uXXXX" at `at`; none when there is no such escape.
std::optional<unsigned> escaped_unit(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  unsigned unit = 0;
  const auto [end, error] = std::from_chars(text.data() + at + 2, text.data() + at + 6, unit, 16);
  if (error != std::errc() || end != text.data() + at + 6) return std::nullopt;
  return unit;
}

bool is_high_surrogate(unsigned unit) { return unit >= 0xd800 && unit <= 0xdbff; }
bool is_low_surrogate(unsigned unit) { return unit >= 0xdc00 && unit <= 0xdfff; }

/// `text` with U+FFFD for every escaped surrogate that stands alone.
std::string mend_surrogates(std::string_view text) {
  std::string mended(text);
  for (std::size_t i = 0; i < text.size();) {
    const auto unit = escaped_unit(text, i);
    if (!unit) {
      i += text[i] == '\\' ? 2 : 1;
      continue;
    }
    const bool paired = is_high_surrogate(*unit) && is_low_surrogate(escaped_unit(text, i + 6).value_or(0));
    if (!paired && (is_high_surrogate(*unit) || is_low_surrogate(*unit))) mended.replace(i + 2, 4, "fffd");
    i += paired ? 12 : 6;
  }
  return mended;
}

/// Makes null of every number too large for a double, as JavaScript does when it writes one: Boost.JSON would pass it on to
/// other clients as a word that is no JSON.
void drop_infinities(json::value& value) {
  if (json::array* array = value.if_array()) {
    for (json::value& element : *array) drop_infinities(element);
  } else if (json::object* object = value.if_object()) {
    for (auto& member : *object) drop_infinities(member.value());
  } else if (const double* number = value.if_double(); number && !std::isfinite(*number)) {
    value = nullptr;
  }
}

/// JavaScript escapes half of a character, as a string cut at a length may end with, where strict JSON has no place for one.
/// Such a payload is mended and read again; the client is not to lose its connection for an emoji.
Result<json::value, DecodeError> parse_json(std::string_view text) {
  boost::system::error_code bad;
  json::value value = json::parse(text, bad);
  if (bad) value = json::parse(mend_surrogates(text), bad);
  if (bad) return DecodeError::bad_json;
  drop_infinities(value);
  return value;
}

}  // namespace

Result<std::optional<Packet>, DecodeError> PacketDecoder::feed_text(std::string_view text) {
  if (waiting_for_attachments()) return DecodeError::attachment_expected;
  if (text.empty() || text[0] < '0' || text[0] > '6') return DecodeError::unknown_type;
  Packet packet{.type = static_cast<PacketType>(text[0] - '0')};
  text.remove_prefix(1);

  std::size_t attachments = 0;
  const bool binary = packet.type == PacketType::binary_event || packet.type == PacketType::binary_ack;
  if (binary) {
    packet.type = packet.type == PacketType::binary_event ? PacketType::event : PacketType::ack;
    const auto count = take_number(text, kMaxAckId);
    if (!count || *count == 0 || !text.starts_with('-')) return DecodeError::bad_attachment_count;
    if (*count > max_attachments_) return DecodeError::too_many_attachments;
    text.remove_prefix(1);
    attachments = *count;
  }

  packet.nsp = take_namespace(text);
  if (!text.empty() && is_digit(text[0])) {
    packet.id = take_number(text, kMaxAckId);
    if (!packet.id) return DecodeError::bad_ack_id;
  }
  if (!text.empty()) {
    auto data = parse_json(text);
    if (!data) return data.error();
    packet.data = std::move(*data);
  }
  if (const auto broken = broken_rule(packet)) return *broken;
  if (!binary) return packet;

  if (!placeholders_in_range(*packet.data, attachments)) return DecodeError::bad_attachment_index;
  pending_ = std::move(packet);
  missing_ = attachments;
  return std::nullopt;
}

Result<std::optional<Packet>, DecodeError> PacketDecoder::feed_binary(std::string_view octets) {
  if (!waiting_for_attachments()) return DecodeError::unexpected_binary;
  pending_->attachments.push_back(Bytes::copy_of(octets));
  if (--missing_ > 0) return std::nullopt;
  return std::exchange(pending_, std::nullopt);
}

}  // namespace atrium::socketio
