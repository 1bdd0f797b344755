#pragma once

#include <string>
#include <vector>

#include "http/request.h"
#include "net/address_range.h"

namespace atrium::chat {

/// Where the request really came from: through proxies of ours each of which has added to X-Forwarded-For whom it heard. What
/// stands there before the first of others may be anybody's invention. Any thread.
std::string client_address(const http::Request& request, const std::vector<net::AddressRange>& trusted);

}  // namespace atrium::chat
