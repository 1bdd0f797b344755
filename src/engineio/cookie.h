#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace atrium::engineio {

/// The cookie that a polling handshake may set, for load balancers that keep a client with its server by one. Its value is the
/// session's id. Never set with a WebSocket handshake: nothing follows that it could route.
struct Cookie {
  std::string name = "io";
  std::string path = "/";
  bool http_only = true;
  std::string same_site = "lax";  ///< "lax", "strict", "none" (needs `secure`), or empty: left to the browser
  bool secure = false;
  std::string domain = {};               ///< empty: the host that was asked
  std::optional<Duration> max_age = {};  ///< none: until the browser is closed; whole seconds are told
};

/// The value of the Set-Cookie header (RFC 6265, section 4.1); what a cookie may not hold of `value` is percent-encoded.
std::string set_cookie(const Cookie& cookie, std::string_view value);

/// What no browser would take; empty when the cookie is sound.
std::string complaint_about(const Cookie& cookie);

}  // namespace atrium::engineio
