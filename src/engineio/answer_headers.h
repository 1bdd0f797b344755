#pragma once

#include <string>
#include <string_view>

#include "http/request.h"

namespace atrium::engineio {

// Headers of an answer, whose names are written as they should be sent and compare without case (RFC 9110, section 5.1).

/// Replaces the headers of that name by one.
void set_header(http::Headers& headers, std::string_view name, std::string value);

/// The answer also depends on the request header `field` (RFC 9110, section 12.5.5).
void add_vary(http::Headers& headers, std::string_view field);

/// Adds those of `more` that `headers` has nothing to say about, and all cookies and Vary fields.
void merge_headers(http::Headers& headers, const http::Headers& more);

}  // namespace atrium::engineio
