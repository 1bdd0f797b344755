#include "engineio/request_error.h"

#include <spdlog/fmt/fmt.h>

namespace atrium::engineio {

std::string_view to_string(RequestError error) {
  switch (error) {
    case RequestError::transport_unknown:
      return "Transport unknown";
    case RequestError::unknown_session:
      return "Session ID unknown";
    case RequestError::bad_handshake_method:
      return "Bad handshake method";
    case RequestError::bad_request:
      return "Bad request";
    case RequestError::forbidden:
      return "Forbidden";
    case RequestError::unsupported_version:
      return "Unsupported protocol version";
  }
  return "Bad request";
}

void refuse(http::Exchange& exchange, RequestError error) {
  const std::string_view words = to_string(error);
  if (exchange.request().upgrade) {
    exchange.respond_raw_and_close(
        fmt::format("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-type: text/html\r\nContent-Length: {}\r\n\r\n{}",
                    words.size(), words));
    return;
  }
  exchange.respond({.status = error == RequestError::forbidden ? 403u : 400u,
                    .headers = {{"Content-Type", "application/json"}},
                    .body = fmt::format(R"({{"code":{},"message":"{}"}})", static_cast<int>(error), words)});
}

}  // namespace atrium::engineio
