#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "websocket/close_code.h"

namespace atrium::websocket {

/// What a frame carries (RFC 6455, section 11.8).
enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

/// How a message's payload is written: as it is, or by permessage-deflate, told by RSV1 (RFC 7692, section 6).
enum class Coding : std::uint8_t { plain, deflated };

/// Frames as a server writes them: FIN set, unmasked, the shortest form of the length (RFC 6455, section 5.2).
///
///    octet 0: FIN 1 | RSV 000 or 100 | opcode      octet 1: MASK 0 | length, or 126 + 16 bits, or 127 + 64 bits      payload
std::string encode_frame(Opcode opcode, std::string_view payload);
/// `payload` is written already as `coding` says. Only where the extension was agreed on, and only a message, may be deflated.
void append_frame(std::string& to, Opcode opcode, std::string_view payload, Coding coding = Coding::plain);

/// A close frame. no_status makes an empty one; a reason longer than a control frame holds is cut between characters.
std::string encode_close(CloseCode code, std::string_view reason);

}  // namespace atrium::websocket
