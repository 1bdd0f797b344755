#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

  /// All headers in order, with names in lower case. What they point to lives as long as this.
  std::vector<std::pair<std::string_view, std::string_view>> headers() const;
  /// The value of the first parameter of that name in the query, decoded.
  std::optional<std::string> query_value(std::string_view name) const;
  /// All parameters in order, decoded.
  std::vector<std::pair<std::string, std::string>> query() const;

  const std::string& url() const { return url_; }          ///< path and query, as sent
  const std::string& address() const { return address_; }  ///< numeric address of the peer
  WallTime time() const { return time_; }
  bool secure() const { return secure_; }                        ///< came over TLS
  bool xdomain() const { return header("origin").has_value(); }  ///< a page may have sent it from another origin

 private:
  std::string url_;
  std::string address_;
  std::string header_lines_;  ///< "name: value\n" each
  WallTime time_;
  bool secure_;
};

}  // namespace atrium::engineio
