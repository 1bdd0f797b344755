#pragma once

#include <optional>
#include <string_view>

#include "http/request.h"

namespace atrium::web {

/// The token that a request shows: of "Authorization: Bearer" (RFC 6750), else of the cookie access_token. Borrowed from the
/// request. None when it shows none; whether it is worth anything is for the caller to find out.
std::optional<std::string_view> bearer_token(const http::Request& request);

}  // namespace atrium::web
