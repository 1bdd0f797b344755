// The input is one octet that chooses the form, then the body of a POST.

#include <cstdint>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "engineio/payload_v3.h"
#include "fuzz/check.h"

namespace {

using namespace atrium::engineio;
using atrium::fuzz::check;

struct Read {
  PacketType type;
  std::string data;
  bool binary;
  bool operator==(const Read&) const = default;
};

struct Body {
  std::vector<Read> packets;
  bool failed;
};

Body read(std::string_view body, PayloadForm form) {
  PayloadReaderV3 reader(body, form);
  std::vector<Read> packets;
  while (const auto packet = reader.next()) packets.push_back({packet->type, std::string(packet->data), packet->binary});
  return {std::move(packets), reader.failed()};
}

void append(std::string& body, const Read& packet, PayloadForm form) {
  if (form == PayloadForm::text) {
    append_to_text(body, packet.binary ? encode_binary(packet.data, Revision::v3) : encode_text(packet.type, packet.data));
  } else if (packet.binary) {
    append_message_to_octets(body, packet.data);
  } else {
    append_to_octets(body, encode_text(packet.type, packet.data));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const PayloadForm form = data[0] % 2 == 0 ? PayloadForm::text : PayloadForm::octets;
  const Body first = read({reinterpret_cast<const char*>(data) + 1, size - 1}, form);

  std::string again;
  for (const Read& packet : first.packets) {
    check(packet.binary || atrium::is_valid_utf8(packet.data), "text is UTF-8");
    append(again, packet, form);
  }
  if (first.packets.empty()) return 0;
  const Body second = read(again, form);
  check(!second.failed && second.packets == first.packets, "packets read back as they were");
  return 0;
}
