#include "http/request_parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace atrium::http {

namespace beast = boost::beast::http;

struct RequestParser::Message {
  explicit Message(const RequestLimits& limits) {
    parser.header_limit(static_cast<std::uint32_t>(limits.max_head));
    parser.body_limit(limits.max_body);
    parser.eager(true);
  }
  beast::request_parser<beast::string_body> parser;
  bool continued = false;
};

namespace {

Request to_request(beast::request<beast::string_body>&& message) {
  Request request;
  const auto method = message.method_string();
  request.method.assign(method.data(), method.size());
  const auto target = message.target();
  parse_target({target.data(), target.size()}, request);
  for (const auto& field : message) {
    std::string name(field.name_string().data(), field.name_string().size());
    for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    request.headers.emplace_back(std::move(name), std::string(field.value().data(), field.value().size()));
  }
  request.http11 = message.version() >= 11;
  request.keep_alive = message.keep_alive();
  request.upgrade =
      message.count(beast::field::upgrade) > 0 && beast::token_list(message[beast::field::connection]).exists("upgrade");
  request.body = std::move(message.body());
  return request;
}

/// A request of HTTP/1.1 says once which host it means (RFC 9112 3.2).
bool names_its_host(const beast::request<beast::string_body>& message) {
  return message.version() < 11 || message.count(beast::field::host) == 1;
}

ParseError classify(const boost::system::error_code& error) {
  if (error == beast::error::header_limit) return ParseError::head_too_large;
  if (error == beast::error::body_limit) return ParseError::body_too_large;
  return ParseError::malformed;
}

}  // namespace

RequestParser::RequestParser(RequestLimits limits) : limits_(limits) {}
RequestParser::~RequestParser() = default;

void RequestParser::feed(std::span<const char> octets) {
  // Only when less is left than was used: so fewer octets move than were read, however many requests wait.
  if (used_ > buffer_.size() / 2) buffer_.erase(0, std::exchange(used_, 0));
  buffer_.append(octets.data(), octets.size());
}

std::optional<Request> RequestParser::next() {
  while (error_ == ParseError::none && buffered() > 0) {
    if (!message_) message_ = std::make_unique<Message>(limits_);
    boost::system::error_code error;
    const std::size_t used = message_->parser.put(boost::asio::buffer(buffer_.data() + used_, buffered()), error);
    used_ += used;
    if (buffered() == 0) take_unread();
    if (error == beast::error::need_more) return std::nullopt;
    if (error) {
      error_ = classify(error);
      return std::nullopt;
    }
    if (message_->parser.is_done()) {
      if (!names_its_host(message_->parser.get())) {
        error_ = ParseError::malformed;
        return std::nullopt;
      }
      Request request = to_request(message_->parser.release());
      message_.reset();
      return request;
    }
    if (used == 0) return std::nullopt;
  }
  return std::nullopt;
}

bool RequestParser::wants_continue() {
  if (!message_ || message_->continued || !message_->parser.is_header_done()) return false;
  const auto expect = message_->parser.get()[beast::field::expect];
  return message_->continued = boost::beast::iequals(expect, "100-continue");
}

std::string RequestParser::take_unread() {
  std::string unread = std::exchange(buffer_, {});
  unread.erase(0, std::exchange(used_, 0));
  return unread;
}

}  // namespace atrium::http
