#include "websocket/frame_parser.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <utility>

#include "base/utf8.h"
#include "websocket/deflate.h"

namespace atrium::websocket {

struct FrameParser::Header {
  bool fin;
  Opcode opcode;
  Coding coding;     ///< by RSV1, which only the first frame of a message has
  std::size_t size;  ///< octets of the header itself
  std::uint64_t payload_size;
  std::array<char, 4> mask;

  std::uint64_t frame_size() const { return size + payload_size; }
};

struct FrameParser::Frame {
  bool fin;
  Opcode opcode;
  Coding coding;
  std::string_view payload;  ///< unmasked
};

namespace {

constexpr std::uint8_t kFin = 0x80;
constexpr std::uint8_t kDeflated = 0x40;  // RSV1
constexpr std::uint8_t kReserved = 0x70;
constexpr std::uint8_t kMasked = 0x80;
constexpr std::size_t kMaxControlPayload = 125;

bool is_control(Opcode opcode) { return static_cast<std::uint8_t>(opcode) >= 8; }

bool is_known(std::uint8_t opcode) { return opcode <= 2 || (opcode >= 8 && opcode <= 10); }

/// Octets of a header, told by its second octet: with a mask, as a client's must be.
std::size_t header_size(std::uint8_t second) {
  const std::uint8_t length = second & 0x7f;
  return 2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + 4;
}

std::uint64_t big_endian(std::string_view octets) {
  std::uint64_t number = 0;
  for (const char c : octets) number = number << 8 | static_cast<std::uint8_t>(c);
  return number;
}

/// Octet i of the payload is masked with octet i mod 4 of the mask (RFC 6455, section 5.3).
void unmask(std::span<char> payload, std::array<char, 4> mask) {
  std::array<char, 8> twice;
  std::memcpy(twice.data(), mask.data(), 4);
  std::memcpy(twice.data() + 4, mask.data(), 4);
  std::uint64_t key;
  std::memcpy(&key, twice.data(), 8);

  std::size_t i = 0;
  for (; i + 8 <= payload.size(); i += 8) {
    std::uint64_t eight;
    std::memcpy(&eight, payload.data() + i, 8);
    eight ^= key;
    std::memcpy(payload.data() + i, &eight, 8);
  }
  for (; i < payload.size(); ++i) payload[i] = static_cast<char>(payload[i] ^ mask[i % 4]);
}

/// What may be sent in a close frame: the codes of RFC 6455 section 7.4.1, of the IANA registry, of libraries and of
/// applications. 1005, 1006 and 1015 are for the receiver's own use; 1004 has no meaning.
bool may_be_sent(std::uint64_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

void give_back(std::string& memory) { std::string().swap(memory); }

}  // namespace

void FrameParser::feed(std::span<char> octets) {
  assert(in_.empty());
  release_delivered();
  if (error() || closed_) return;
  in_ = octets;
}

std::optional<Message> FrameParser::next() {
  release_delivered();
  while (!in_.empty()) {
    const auto frame = next_frame();
    if (!frame) return std::nullopt;
    auto message = is_control(frame->opcode) ? receive_control(*frame) : receive_data(*frame);
    if (message) return message;
    release_delivered();
  }
  return std::nullopt;
}

std::optional<CloseCode> FrameParser::error() const {
  if (error_ == CloseCode::no_status) return std::nullopt;
  return error_;
}

/// The next whole frame, where it lies; none when it is not whole (then all that was fed is kept) or not allowed.
std::optional<FrameParser::Frame> FrameParser::next_frame() {
  const auto cut_out = [](std::span<char> octets, const Header& header) {
    const auto payload = octets.subspan(header.size, header.payload_size);
    unmask(payload, header.mask);
    return Frame{header.fin, header.opcode, header.coding, {payload.data(), payload.size()}};
  };

  if (frame_.empty()) {
    const auto header = read_header({in_.data(), in_.size()});
    if (error()) return std::nullopt;
    if (header && header->frame_size() <= in_.size()) {
      const auto whole = in_.first(header->frame_size());
      in_ = in_.subspan(whole.size());
      return cut_out(whole, *header);
    }
    frame_.assign(in_.data(), in_.size());
    in_ = {};
    return std::nullopt;
  }

  while (true) {
    const auto header = read_header(frame_);
    if (error()) return std::nullopt;
    if (header && frame_.size() == header->frame_size()) {
      frame_whole_ = true;
      return cut_out(frame_, *header);
    }
    if (in_.empty()) return std::nullopt;
    const std::uint64_t wanted = header              ? header->frame_size()
                                 : frame_.size() < 2 ? 2
                                                     : header_size(static_cast<std::uint8_t>(frame_[1]));
    const auto more = in_.first(std::min<std::uint64_t>(wanted - frame_.size(), in_.size()));
    frame_.append(more.data(), more.size());
    in_ = in_.subspan(more.size());
  }
}

/// None when it is not whole, or breaks a rule: then there is an error.
std::optional<FrameParser::Header> FrameParser::read_header(std::string_view octets) {
  if (octets.size() < 2) return std::nullopt;
  const auto first = static_cast<std::uint8_t>(octets[0]);
  const auto second = static_cast<std::uint8_t>(octets[1]);
  if (!check_start(first, second)) return std::nullopt;
  const std::size_t size = header_size(second);
  if (octets.size() < size) return std::nullopt;

  Header header{(first & kFin) != 0,
                static_cast<Opcode>(first & 0x0f),
                (first & kDeflated) != 0 ? Coding::deflated : Coding::plain,
                size,
                second & std::uint64_t{0x7f},
                {}};
  std::memcpy(header.mask.data(), octets.data() + size - 4, 4);
  if (header.payload_size >= 126) {
    header.payload_size = big_endian(octets.substr(2, size - 6));
    if (header.payload_size < (size == 8 ? 126 : 0x10000)) {
      fail(CloseCode::protocol_error, "a frame's length is not in its shortest form");
      return std::nullopt;
    }
    if (header.payload_size >> 63 != 0) {
      fail(CloseCode::protocol_error, "a frame's length has its highest bit set");
      return std::nullopt;
    }
  }
  const Coding coding = header.opcode == Opcode::continuation ? coding_ : header.coding;
  if (!is_control(header.opcode) && header.payload_size > max_received(coding) - message_.size()) {
    fail(CloseCode::too_big, "the message is longer than the server takes");
    return std::nullopt;
  }
  return header;
}

/// Octets of a message on the wire: what cannot be compressed grows by its blocks' heads, with zlib by an eighth at most.
std::size_t FrameParser::max_received(Coding coding) const {
  return coding == Coding::plain ? max_payload_ : max_payload_ + max_payload_ / 8 + 64;
}

/// The rules that the first two octets can break.
bool FrameParser::check_start(std::uint8_t first, std::uint8_t second) {
  const auto opcode = static_cast<Opcode>(first & 0x0f);
  const bool in_message = fragmented_ != Opcode::continuation;
  std::string_view broken;
  const bool may_be_deflated = allowed_ == Coding::deflated && (opcode == Opcode::text || opcode == Opcode::binary);
  if ((first & kReserved & ~(may_be_deflated ? kDeflated : 0)) != 0) {
    broken = "a reserved bit is set";
  } else if (!is_known(first & 0x0f)) {
    broken = "an unknown opcode";
  } else if ((second & kMasked) == 0) {
    broken = "a client's frame must be masked";
  } else if (is_control(opcode)) {
    if ((first & kFin) == 0) broken = "a control frame must not be fragmented";
    if ((second & 0x7f) > kMaxControlPayload) broken = "a control frame is longer than 125 octets";
  } else if (opcode == Opcode::continuation && !in_message) {
    broken = "a continuation of no message";
  } else if (opcode != Opcode::continuation && in_message) {
    broken = "a new message inside of a fragmented one";
  }
  if (!broken.empty()) fail(CloseCode::protocol_error, broken);
  return broken.empty();
}

std::optional<Message> FrameParser::receive_control(const Frame& frame) {
  if (frame.opcode != Opcode::close) return Message{frame.opcode, frame.payload};
  if (frame.payload.size() == 1 || (frame.payload.size() >= 2 && !may_be_sent(big_endian(frame.payload.substr(0, 2))))) {
    fail(CloseCode::protocol_error, "a close frame without a valid code");
    return std::nullopt;
  }
  if (frame.payload.size() > 2 && !is_valid_utf8(frame.payload.substr(2))) {
    fail(CloseCode::invalid_payload, "a close reason that is not UTF-8");
    return std::nullopt;
  }
  closed_ = true;
  in_ = {};
  give_back(message_);
  return Message{frame.opcode, frame.payload};
}

std::optional<Message> FrameParser::receive_data(const Frame& frame) {
  if (frame.fin && frame.opcode != Opcode::continuation) return deliver(frame.opcode, frame.payload, frame.coding);
  if (frame.opcode != Opcode::continuation) {
    fragmented_ = frame.opcode;
    coding_ = frame.coding;
  }
  message_ += frame.payload;
  if (!frame.fin) return std::nullopt;
  message_whole_ = true;
  return deliver(std::exchange(fragmented_, Opcode::continuation), message_, coding_);
}

std::optional<Message> FrameParser::deliver(Opcode opcode, std::string_view payload, Coding coding) {
  if (coding == Coding::deflated) {
    auto inflated = inflate_message(payload, max_payload_);
    if (!inflated.has_value()) {
      const bool too_long = inflated.error() == InflateError::too_long;
      fail(too_long ? CloseCode::too_big : CloseCode::invalid_payload,
           too_long ? "the message is longer than the server takes" : "a message that cannot be inflated");
      return std::nullopt;
    }
    message_ = std::move(*inflated);
    message_whole_ = true;
    payload = message_;
  }
  if (opcode == Opcode::text && !is_valid_utf8(payload)) {
    fail(CloseCode::invalid_payload, "a text message that is not UTF-8");
    return std::nullopt;
  }
  return Message{opcode, payload};
}

/// Gives back the memory of what the caller has had time to read.
void FrameParser::release_delivered() {
  if (std::exchange(frame_whole_, false)) give_back(frame_);
  if (std::exchange(message_whole_, false)) give_back(message_);
}

void FrameParser::fail(CloseCode code, std::string_view text) {
  error_ = code;
  error_text_ = text;
  in_ = {};
  give_back(frame_);
  give_back(message_);
}

}  // namespace atrium::websocket
