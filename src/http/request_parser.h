#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "http/request.h"

namespace atrium::http {

/// How large a request may be; a larger one is refused before it has come.
struct RequestLimits {
  std::size_t max_head = 16 * 1024;  ///< octets of request line and headers
  std::size_t max_body = 1'000'000;  ///< octets
};

/// What is wrong with a request, and the status that tells its peer. The connection is to be closed after it.
enum class ParseError {
  none,
  malformed,       ///< 400
  head_too_large,  ///< 431
  body_too_large,  ///< 413
};

/// HTTP/1.1 requests out of octets (RFC 9112), one after another. No I/O: Boost.Beast's parser is behind it.
/// feed(), then next() until none. Owns no memory between requests.
class RequestParser final {
 public:
  explicit RequestParser(RequestLimits limits);
  ~RequestParser();

  void feed(std::span<const char> octets);
  /// The next whole request; none when more octets are needed, or after an error.
  std::optional<Request> next();
  ParseError error() const { return error_; }
  /// The head has arrived and asks to be told before the body is sent (Expect: 100-continue). True once a request.
  bool wants_continue();
  /// Octets that belong to no request yet, for whoever takes the connection over.
  std::string take_unread();
  std::size_t buffered() const { return buffer_.size() - used_; }
  /// Nothing of a request has arrived.
  bool idle() const { return !message_ && buffered() == 0; }

 private:
  struct Message;
  RequestLimits limits_;
  std::unique_ptr<Message> message_;
  std::string buffer_;
  std::size_t used_ = 0;  ///< octets of buffer_ that belong to requests already; less than all of them
  ParseError error_ = ParseError::none;
};

}  // namespace atrium::http
