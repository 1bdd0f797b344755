#pragma once

#include <optional>
#include <string>

#include "engineio/options.h"
#include "http/request.h"

namespace atrium::engineio {

/// What a server and a client that asks for a WebSocket agree on about compressing its messages. A value.
struct DeflateAgreement {
  const websocket::DeflateOptions* deflate = nullptr;  ///< the server's own; null: nothing is compressed
  std::string header;                                  ///< the line for the 101 answer, with its end; empty: none
};

/// None when the client's offer is malformed, so that there may be no WebSocket (RFC 6455, section 9.1). A server that does
/// not compress does not read it.
std::optional<DeflateAgreement> agree_on_deflate(const http::Request& request, const Options& options);

}  // namespace atrium::engineio
