#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/exchange.h"

namespace atrium::web {

/// The values that a path gave to the :names of its pattern, percent-decoded.
using Params = std::vector<std::pair<std::string, std::string>>;

/// One request as its handler sees it. Lives on the shard of the connection until the handler has ended; a handler that
/// waits goes on on the same shard.
class Context final {
 public:
  Context(std::shared_ptr<http::Exchange> exchange, Params params, std::string request_id, http::Headers common_headers,
          bool is_stream = false);
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  const http::Request& request() const { return exchange_->request(); }
  /// The value of ":name"; the pattern has it, else it is a mistake of the program (std::logic_error).
  const std::string& param(std::string_view name) const;
  /// The first value of "?name=".
  std::optional<std::string_view> query(std::string_view name) const { return request().query_value(name); }
  /// Names this request in logs and problems: the peer's X-Request-Id where it sent a decent one.
  const std::string& request_id() const { return request_id_; }
  /// The route is one whose answer goes on.
  bool is_stream() const { return is_stream_; }
  net::Shard& shard() const { return exchange_->shard(); }

  /// For a stream: what is to be written to, and the headers that every answer of the router carries.
  const std::shared_ptr<http::Exchange>& exchange() const { return exchange_; }
  const http::Headers& common_headers() const { return common_headers_; }

 private:
  std::shared_ptr<http::Exchange> exchange_;
  Params params_;
  std::string request_id_;
  http::Headers common_headers_;
  bool is_stream_;
};

}  // namespace atrium::web
