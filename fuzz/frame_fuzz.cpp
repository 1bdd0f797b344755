// The first octet says how large the pieces are in which the others arrive (0: all at once).

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "fuzz/check.h"
#include "websocket/frame_parser.h"

namespace {

using namespace atrium;
using fuzz::check;

constexpr std::size_t kMaxPayload = 300;

struct Outcome {
  std::vector<std::pair<websocket::Opcode, std::string>> messages;
  std::optional<websocket::CloseCode> error;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome parse(std::string_view input, std::size_t piece_size) {
  websocket::FrameParser parser(kMaxPayload);
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
    check(parser.buffered() <= 2 * kMaxPayload + 14, "no more is held than one message and one frame");
  }
  outcome.error = parser.error();
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece_size = data[0] == 0 ? input.size() : data[0];
  check(parse(input, piece_size) == parse(input, input.size()), "the pieces do not matter");
  return 0;
}
