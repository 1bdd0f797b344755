#include "engineio/request_error.h"

#include <spdlog/fmt/fmt.h>

#include <boost/json.hpp>

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

http::Response refusal(RequestError error, std::string_view words) {
  boost::json::object body;
  body["code"] = static_cast<int>(error);
  body["message"] = words;
  return {.status = error == RequestError::forbidden ? 403u : 400u,
          .headers = {{"Content-Type", "application/json"}},
          .body = boost::json::serialize(body)};
}

std::string raw_refusal(const http::Request& request, std::string_view words) {
  const std::string_view version = request.header("sec-websocket-version").value_or("13");
  return fmt::format(
      "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-type: text/html\r\n{}Content-Length: {}\r\n\r\n{}",
      version == "13" ? "" : "Sec-WebSocket-Version: 13\r\n", words.size(), words);
}

}  // namespace atrium::engineio
