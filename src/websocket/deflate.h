#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/deflate.h"
#include "base/result.h"

namespace atrium::websocket {

/// How a server compresses its WebSocket messages (permessage-deflate, RFC 7692).
struct DeflateOptions {
  std::size_t threshold = 1024;  ///< octets of a message from which on it is compressed
  DeflateEffort effort;
};

/// A message as the payload of frames with RSV1 set (RFC 7692, section 7.2.1): DEFLATE blocks flushed to a whole octet,
/// without the last four octets of the flush. Refers to no other message, so whoever agreed on the extension can read it.
/// Any thread.
std::string deflate_message(std::string_view message, const DeflateEffort& effort);

/// Why a payload is no message.
enum class InflateError {
  broken,    ///< no DEFLATE blocks, or not to their end
  too_long,  ///< found before more than that was held
};

/// The message of a compressed payload (RFC 7692, section 7.2.2) whose sender takes no context over from message to message.
/// At most `max_size` octets of it. Any thread: zlib's 40 KiB belong to the calling thread and are used for one message after
/// another, so a connection owns none.
Result<std::string, InflateError> inflate_message(std::string_view payload, std::size_t max_size);

}  // namespace atrium::websocket
