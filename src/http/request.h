#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::http {

/// Names are kept in lower case (RFC 9110 5.1: they compare without case).
using Headers = std::vector<std::pair<std::string, std::string>>;

/// The value of the first header of that (lower case) name; none when there is none.
std::optional<std::string_view> find_header(const Headers& headers, std::string_view name);

/// The value of one cookie of a Cookie header (RFC 6265).
std::optional<std::string_view> find_cookie(std::string_view cookie_header, std::string_view name);

/// One request, whole. A plain value: it may travel between shards.
struct Request {
  std::string method;                                      ///< as sent: "GET"
  std::string target;                                      ///< as sent: path and query
  std::string path;                                        ///< percent-decoded
  std::vector<std::pair<std::string, std::string>> query;  ///< in order, percent-decoded, '+' is a space
  Headers headers;
  std::string body;
  std::string peer;    ///< numeric address of the other side
  bool http11 = true;  ///< HTTP/1.1, so that it knows chunks
  bool keep_alive = true;
  bool upgrade = false;  ///< asks for another protocol on this connection
  bool secure = false;   ///< came over TLS

  std::optional<std::string_view> header(std::string_view name) const { return find_header(headers, name); }
  std::optional<std::string_view> query_value(std::string_view name) const;
  std::optional<std::string_view> cookie(std::string_view name) const;
};

/// Turns %41 into A. Lenient as browsers are: what is no escape stays as it is.
std::string percent_decode(std::string_view text);

/// Splits and decodes `target` into path and query. Lenient as browsers are: what is no escape stays as it is.
void parse_target(std::string_view target, Request& into);

}  // namespace atrium::http
