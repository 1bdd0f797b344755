#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "http/request.h"
#include "http/response.h"

namespace atrium::engineio {

/// Which pages of other origins may read the answers of the polling transport (the fetch standard, "CORS protocol"), with the
/// meaning of the options of npm's `cors`. It guards no WebSocket: see Options::allowed_origins.
struct Cors {
  std::vector<std::string> origins = {"*"};  ///< each exactly as browsers send it, "https://a.example:8080"; or "*": any
  bool reflect_any = false;                  ///< any, named one by one: what browsers ask for together with `credentials`
  std::vector<std::string> methods = {"GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"};
  std::vector<std::string> allowed_headers = {};  ///< empty: whatever the preflight asks for
  std::vector<std::string> exposed_headers = {};
  bool credentials = false;
  std::optional<Duration> max_age = {};  ///< that a browser may remember a preflight; whole seconds are told

  /// Whether pages of `origin` may read.
  bool allows(std::string_view origin) const;
};

/// Adds what an answer to `request` must carry.
void add_cors_headers(const Cors& cors, const http::Request& request, http::Headers& to);

/// The answer to a preflight: an OPTIONS request, which no transport knows.
http::Response answer_preflight(const Cors& cors, const http::Request& request);

/// What no browser would understand; empty when all is well.
std::string complaint_about(const Cors& cors);

}  // namespace atrium::engineio
