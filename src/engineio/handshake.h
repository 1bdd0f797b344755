#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/request.h"

namespace atrium::engineio {

/// The request that began a session, as applications may want to see it later (Node's socket.handshake). Immutable. Every
/// session keeps one for its lifetime, so the header lines stand in one string.
class Handshake final {
 public:
  Handshake(const http::Request& request, WallTime time);

  /// The value of the first header of that (lower case) name.
  std::optional<std::string_view> header(std::string_view name) const;
  std::optional<std::string_view> cookie(std::string_view name) const {
    return http::find_cookie(header("cookie").value_or(""), name);
  }

  const std::string& url() const { return url_; }          ///< path and query, as sent
  const std::string& address() const { return address_; }  ///< numeric address of the peer
  WallTime time() const { return time_; }

 private:
  std::string url_;
  std::string address_;
  std::string header_lines_;  ///< "name: value\n" each
  WallTime time_;
};

}  // namespace atrium::engineio
