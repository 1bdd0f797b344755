#include "engineio/payload_v3.h"

#include <algorithm>

#include "base/utf8.h"

namespace atrium::engineio {

namespace {

constexpr std::size_t kMaxDigits = 10;
constexpr char kTextPacket = '\x00';
constexpr char kBinaryPacket = '\x01';
constexpr char kAfterLength = '\xff';

/// UTF-16 code units of a character, counted at its first octet; 0 at the others.
std::size_t units_at(char c) {
  const auto octet = static_cast<unsigned char>(c);
  if ((octet & 0xc0) == 0x80) return 0;
  return octet >= 0xf0 ? 2 : 1;
}

std::size_t utf16_length(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) units += units_at(c);
  return units;
}

/// The octets of `units` code units from the start of valid `text`; none when there are fewer, or the last is half a character.
std::optional<std::size_t> octets_of(std::string_view text, std::size_t units) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t here = units_at(text[at]);
    if (here > units || (units == 0 && here > 0)) break;
    units -= here;
    ++at;
  }
  if (units > 0) return std::nullopt;
  return at;
}

/// Takes a length of digits that begin at `zero`, and what ends it, from the start of `text`.
std::optional<std::size_t> take_length(std::string_view& text, char zero, char end) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < text.size() && i <= kMaxDigits; ++i) {
    if (text[i] == end && i > 0) {
      text.remove_prefix(i + 1);
      return length;
    }
    if (text[i] < zero || text[i] > zero + 9) return std::nullopt;
    length = length * 10 + static_cast<std::size_t>(text[i] - zero);
  }
  return std::nullopt;
}

void append_head(std::string& body, char kind, std::size_t length) {
  body.push_back(kind);
  for (const char digit : std::to_string(length)) body.push_back(static_cast<char>(digit - '0'));
  body.push_back(kAfterLength);
}

}  // namespace

std::optional<Packet> PayloadReaderV3::next() {
  if (failed_ || (begun_ && rest_.empty())) return std::nullopt;
  if (!begun_ && form_ == PayloadForm::text && !is_valid_utf8(rest_)) rest_ = {};
  begun_ = true;
  const auto packet = form_ == PayloadForm::text ? next_of_text() : next_of_octets();
  failed_ = !packet;
  return packet;
}

std::optional<Packet> PayloadReaderV3::next_of_text() {
  const auto units = take_length(rest_, '0', ':');
  const auto size = units ? octets_of(rest_, *units) : std::nullopt;
  if (!size) return std::nullopt;
  const std::string_view packet = rest_.substr(0, *size);
  rest_.remove_prefix(*size);
  return decode_packet(packet, Revision::v3, octets_);
}

std::optional<Packet> PayloadReaderV3::next_of_octets() {
  if (rest_.empty() || (rest_[0] != kTextPacket && rest_[0] != kBinaryPacket)) return std::nullopt;
  const bool text = rest_[0] == kTextPacket;
  rest_.remove_prefix(1);
  const auto size = take_length(rest_, '\x00', kAfterLength);
  if (!size || *size > rest_.size()) return std::nullopt;
  const std::string_view packet = rest_.substr(0, *size);
  rest_.remove_prefix(*size);
  if (text) return is_valid_utf8(packet) ? decode_packet(packet, Revision::v3, octets_) : std::nullopt;
  if (!packet.starts_with(kBinaryMessage)) return std::nullopt;
  return Packet{.type = PacketType::message, .data = packet.substr(1), .binary = true};
}

void append_to_text(std::string& body, std::string_view packet) {
  body.append(std::to_string(utf16_length(packet))).append(1, ':').append(packet);
}

void append_to_octets(std::string& body, std::string_view packet) {
  append_head(body, kTextPacket, packet.size());
  body.append(packet);
}

void append_message_to_octets(std::string& body, std::string_view octets) {
  append_head(body, kBinaryPacket, 1 + octets.size());
  body.append(1, kBinaryMessage).append(octets);
}

}  // namespace atrium::engineio
