#include "websocket/handshake.h"

#include "base/base64.h"
#include "base/digest.h"

namespace atrium::websocket {

std::string accept_key(std::string_view key) {
  constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455, section 1.3
  return base64_encode(sha1(std::string(key).append(kGuid)));
}

bool is_valid_key(std::string_view key) {
  if (key.size() != 24) return false;
  const auto octets = base64_decode(key);
  return octets && octets->size() == 16;
}

}  // namespace atrium::websocket
