#pragma once

#include <string_view>

#include "http/exchange.h"

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

/// Answers with the error: as JSON, or as bare words when the client asked for a WebSocket, whose API hides the body anyway.
void refuse(http::Exchange& exchange, RequestError error);

}  // namespace atrium::engineio
