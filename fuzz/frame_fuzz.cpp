// The first octet says how large the pieces are in which the others arrive (0: all at once). They are read by a parser that
// takes no compressed message, by one that does, as a compressed payload, and as a message to be compressed.

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "fuzz/check.h"
#include "websocket/deflate.h"
#include "websocket/frame_parser.h"

namespace {

using namespace atrium;
using fuzz::check;

constexpr std::size_t kMaxPayload = 300;
constexpr std::size_t kMaxDeflated = kMaxPayload + kMaxPayload / 8 + 64;  // what does not compress grows

struct Outcome {
  std::vector<std::pair<websocket::Opcode, std::string>> messages;
  std::optional<websocket::CloseCode> error;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome parse(std::string_view input, std::size_t piece_size, websocket::Coding allowed) {
  const std::size_t max_received = allowed == websocket::Coding::plain ? kMaxPayload : kMaxDeflated;
  websocket::FrameParser parser(kMaxPayload, allowed);
  Outcome outcome;
  while (!input.empty()) {
    std::vector<char> piece(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(std::min(piece_size, input.size())));
    input.remove_prefix(piece.size());
    parser.feed(piece);
    while (const auto message = parser.next()) {
      check(message->payload.size() <= kMaxPayload, "no message is longer than allowed");
      check(message->opcode != websocket::Opcode::text || is_valid_utf8(message->payload), "text is UTF-8");
      outcome.messages.emplace_back(message->opcode, message->payload);
    }
    check(parser.buffered() <= 2 * max_received + 14, "no more is held than one message and one frame");
  }
  outcome.error = parser.error();
  return outcome;
}

void check_deflate(std::string_view input) {
  const auto inflated = websocket::inflate_message(input, kMaxPayload);
  check(!inflated.has_value() || inflated->size() <= kMaxPayload, "no message is inflated beyond its bound");
  const auto again = websocket::inflate_message(websocket::deflate_message(input, {}), input.size());
  check(again.has_value() && *again == input, "what was compressed inflates to what it was");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece_size = data[0] == 0 ? input.size() : data[0];
  for (const auto allowed : {websocket::Coding::plain, websocket::Coding::deflated}) {
    check(parse(input, piece_size, allowed) == parse(input, input.size(), allowed), "the pieces do not matter");
  }
  check_deflate(input);
  return 0;
}
