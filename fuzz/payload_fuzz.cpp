// The input is the body of a POST.

#include <cstdint>
#include <string>

#include "base/utf8.h"
#include "engineio/payload.h"
#include "fuzz/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace atrium;
  using fuzz::check;

  const std::string_view body(reinterpret_cast<const char*>(data), size);
  engineio::PayloadReader reader(body);
  std::string again;
  while (const auto read = reader.next()) {
    const engineio::Packet& packet = *read;
    check(packet.binary || is_valid_utf8(packet.data), "text is UTF-8");
    if (!again.empty()) again.push_back(engineio::kSeparator);
    again += packet.binary ? engineio::encode_binary(packet.data) : engineio::encode_text(packet.type, packet.data);
  }
  // Base64 may have come without its padding, or with bits that count for nothing.
  if (!reader.failed() && body.find('b') == body.npos) check(again == body, "packets encode to what they were read from");

  engineio::PayloadReader second(again);
  while (second.next()) {
  }
  check(again.empty() || !second.failed(), "what was read can be read again");
  return 0;
}
