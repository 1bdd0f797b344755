#pragma once

#include <string>
#include <string_view>

#include "http/request.h"

namespace atrium::http {

/// One answer. Content-Length, Connection and Date are added when it is written.
struct Response {
  unsigned status = 200;
  Headers headers;
  std::string body;
};

/// The reason phrase of RFC 9110 for `status`.
std::string_view reason_phrase(unsigned status);

enum class Framing {
  sized,          ///< Content-Length and the body
  chunked,        ///< the head only; write_chunk() follows
  until_close,    ///< the head only; the body ends with the connection (HTTP/1.0 peers)
  head_only,      ///< the answer to HEAD: Content-Length but no body
};

/// The octets of an HTTP/1.1 answer (RFC 9112).
std::string encode(const Response& response, Framing framing, bool keep_alive);

}  // namespace atrium::http
