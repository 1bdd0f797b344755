#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/request.h"

namespace atrium::http {

/// One answer. Content-Length and Connection are added when it is encoded, Date by its connection.
struct Response {
  unsigned status = 200;
  Headers headers;
  std::string body;
};

/// The reason phrase of RFC 9110 for `status`.
std::string_view reason_phrase(unsigned status);

/// The time in the form of the Date header (RFC 9110 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(WallTime time);

/// How the peer knows where the body of an answer ends (RFC 9112, section 6).
enum class Framing {
  sized,        ///< Content-Length and the body
  chunked,      ///< the head only; write_chunk() follows
  until_close,  ///< the head only; the body ends with the connection (HTTP/1.0 peers)
  head_only,    ///< the answer to HEAD: no body, and its length only where it is known
};

/// The octets of an HTTP/1.1 answer (RFC 9112).
std::string encode(const Response& response, Framing framing, bool keep_alive);

}  // namespace atrium::http
