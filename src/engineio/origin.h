#pragma once

#include <string>
#include <string_view>

#include "http/request.h"

namespace atrium::engineio {

struct Options;

/// Whether `text` is an origin as browsers send it (RFC 6454, section 7.1): scheme "://" host [ ":" port ], or "null".
bool is_origin(std::string_view text);

/// For whoever wrote an option: why `text` is none, and what one looks like.
std::string complaint_about_origin(std::string_view text);

/// Whether `origin` is the page's own, which is to say that of `host` (the Host header). The scheme is not compared: behind a
/// proxy that ends TLS nobody here knows it.
bool is_same_origin(std::string_view origin, std::string_view host);

/// Whether whoever sent `request` may open a session, or a WebSocket for one, as far as its browser says where it comes from.
/// The same-origin policy and CORS do not hold WebSockets back, so that any page could use its visitor's cookies here (RFC
/// 6455, section 10.2). Without an Origin header it is no browser, and may.
bool may_enter(const Options& options, const http::Request& request);

}  // namespace atrium::engineio
