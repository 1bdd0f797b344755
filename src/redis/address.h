#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "net/connector.h"

namespace atrium::redis {

/// Where a Redis is, and who we are there.
struct Address {
  net::Destination where;
  std::string user = {};      ///< empty: the default one
  std::string password = {};  ///< empty: none is asked for
  unsigned database = 0;
};

/// "redis://[user][:password]@host[:port][/database]" or "unix:///path[?db=N]", with percent-encoding as in any URL (RFC 3986);
/// port 6379 unless given. "rediss://" is the first over TLS, and may end with "?ca=FILE&cert=FILE&key=FILE", any of them (see
/// net::TlsTrustOptions): these files are read here. The error is a sentence for whoever wrote it.
Result<Address, std::string> parse_address(std::string_view url);

/// As people may see it: without the password.
std::string to_string(const Address& address);

}  // namespace atrium::redis
