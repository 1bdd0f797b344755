#pragma once

#include <string>
#include <string_view>

#include "http/request.h"
#include "http/response.h"

namespace atrium::engineio {

/// Why a request is refused; the numbers are those that clients find in the answer (protocol page "Error codes").
enum class RequestError {
  transport_unknown = 0,
  unknown_session = 1,
  bad_handshake_method = 2,
  bad_request = 3,
  forbidden = 4,
  unsupported_version = 5,
};

std::string_view to_string(RequestError error);

/// The answer that tells of `error` in JSON, with `words`.
http::Response refusal(RequestError error, std::string_view words);

/// The answer, raw, to a request for a WebSocket: bare words, because its API hides the body anyway. It names the version that
/// is spoken here to whoever asks for another (RFC 6455 4.4).
std::string raw_refusal(const http::Request& request, std::string_view words);

}  // namespace atrium::engineio
