#pragma once

#include <boost/json.hpp>
#include <functional>
#include <string_view>

#include "engineio/request_error.h"
#include "http/request.h"

namespace atrium::engineio {

/// A request that was refused. Borrowed for the call.
struct ConnectionError {
  const http::Request& request;
  RequestError code;
  std::string_view message;            ///< the words for `code`
  const boost::json::object& context;  ///< what was wrong, with the keys of the official server: {"sid": "..."} and the likes
};

/// What the engine tells an application that listens (Node's io.engine.on). Fixed before start; called on the shard of the
/// request, from all shards at once.
struct EngineEvents {
  using Headers = std::function<void(http::Headers& headers, const http::Request& request)>;

  std::function<void(const ConnectionError& error)> connection_error = {};
  /// The first answer of a session: 200 of the polling transport, or 101. Its headers may be changed.
  Headers initial_headers = {};
  /// Every 200 of the polling transport, and every 101, the first of a session included.
  Headers headers = {};
};

}  // namespace atrium::engineio
