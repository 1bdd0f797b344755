#include "http/http_connection.h"

#include <charconv>

namespace atrium::http {

HttpConnection::HttpConnection(Handler& handler, ConnectionOptions options)
    : handler_(handler),
      options_(options),
      parser_(options.limits),
      idle_([this] { connection_->close(); }),
      next_turn_([this] { serve_next(); }) {}

HttpConnection::~HttpConnection() = default;

void HttpConnection::serve(net::Shard& shard, net::MovingConnection socket, Handler& handler,
                           const ConnectionOptions& options) {
  net::Connection::open(shard, std::move(socket), std::make_unique<HttpConnection>(handler, options));
}

void HttpConnection::on_open(net::Connection& connection) {
  connection_ = &connection;
  if (first_request_) {
    begin(*std::exchange(first_request_, std::nullopt), std::exchange(first_go_on_, {}));
    serve_next();
  } else {
    shard().deadlines().arm(idle_, options_.idle_timeout);
  }
}

void HttpConnection::on_bytes(std::span<char> bytes) {
  if (leaving_) return;
  parser_.feed(bytes);
  // While one request is answered, or its answer is not taken, the next ones wait here, but not without bound.
  if ((busy_ || behind()) && parser_.buffered() > options_.limits.max_head + options_.limits.max_body) {
    connection_->abort(net::CloseCause::by_us);
    return;
  }
  serve_next();
}

void HttpConnection::on_closed(net::CloseCause) {
  leaving_ = true;
  if (const auto exchange = exchange_.lock(); exchange && !exchange->over()) exchange->abandon();
}

void HttpConnection::serve_next() {
  while (!busy_ && !leaving_) {
    if (behind()) return wait_for_reader();
    auto request = parser_.next();
    if (parser_.error() != ParseError::none) {
      refuse(parser_.error());
      return;
    }
    if (!request) {
      if (parser_.wants_continue()) connection_->send(Bytes::copy_of("HTTP/1.1 100 Continue\r\n\r\n"));
      if (!idle_.armed()) shard().deadlines().arm(idle_, options_.idle_timeout);
      return;
    }
    begin(std::move(*request), [this](std::shared_ptr<Exchange> exchange) { handler_.handle(std::move(exchange)); });
  }
}

void HttpConnection::serve_later() {
  if (parser_.buffered() == 0) return serve_next();
  shard().deadlines().arm(next_turn_, Duration::zero());
}

/// Goes on when the end of the turn has written all, else when the peer has taken it; for that it has as long as for a request.
void HttpConnection::wait_for_reader() {
  if (connection_->writable()) shard().deadlines().arm(next_turn_, Duration::zero());
  if (!idle_.armed()) shard().deadlines().arm(idle_, options_.idle_timeout);
}

void HttpConnection::begin(Request request, GoOn handle) {
  idle_.cancel();
  busy_ = true;
  request.peer = connection_->peer_address();
  request.secure = connection_->secure();
  auto exchange = std::make_shared<Exchange>(*this, std::move(request));
  exchange_ = exchange;
  handling_ = true;
  handle(std::move(exchange));
  handling_ = false;
}

void HttpConnection::refuse(ParseError error) {
  const unsigned status = error == ParseError::body_too_large ? 413 : error == ParseError::head_too_large ? 431 : 400;
  Response response{.status = status, .headers = {}, .body = {}};
  date(response);
  leaving_ = true;
  connection_->send(Bytes(encode(response, Framing::sized, false)));
  connection_->close_draining();
}

void HttpConnection::date(Response& response) { response.headers.emplace_back("Date", http_date(shard().clock().wall())); }

void HttpConnection::finish(Response response, const Request& request) {
  const bool keep_alive = request.keep_alive && !leaving_;
  date(response);
  connection_->send(Bytes(encode(response, request.method == "HEAD" ? Framing::head_only : Framing::sized, keep_alive)));
  busy_ = false;
  if (!keep_alive) {
    leaving_ = true;
    connection_->close();
    return;
  }
  if (!handling_) serve_later();
}

void HttpConnection::start_stream(Response head, const Request& request) {
  chunked_ = request.http11;
  date(head);
  connection_->send(Bytes(encode(head, chunked_ ? Framing::chunked : Framing::until_close, chunked_ && request.keep_alive)));
}

void HttpConnection::write_stream(std::string_view octets) {
  if (octets.empty()) return;
  if (!chunked_) {
    connection_->send(Bytes::copy_of(octets));
    return;
  }
  char size[16];
  const auto end = std::to_chars(size, size + sizeof(size), octets.size(), 16).ptr;
  std::string chunk(size, end);
  chunk.append("\r\n").append(octets).append("\r\n");
  connection_->send(Bytes(std::move(chunk)));
}

void HttpConnection::end_stream(bool keep_alive) {
  if (chunked_) connection_->send(Bytes::copy_of("0\r\n\r\n"));
  busy_ = false;
  if (!keep_alive || !chunked_) {
    leaving_ = true;
    connection_->close();
  } else if (!handling_) {
    serve_later();
  }
}

void HttpConnection::finish_raw(std::string octets) {
  leaving_ = true;
  connection_->send(Bytes(std::move(octets)));
  connection_->close();
}

void HttpConnection::upgrade(std::string head, std::unique_ptr<net::Protocol> next) {
  leaving_ = true;
  connection_->send(Bytes(std::move(head)));
  connection_->become(std::move(next), parser_.take_unread());
}

void HttpConnection::move_to(net::Shard& target, Request request, GoOn go_on) {
  leaving_ = true;
  auto next = std::make_unique<HttpConnection>(handler_, options_);
  next->first_request_ = std::move(request);
  next->first_go_on_ = std::move(go_on);
  auto moving = connection_->detach(parser_.take_unread());
  target.post([&target, socket = std::move(moving), protocol = std::move(next)]() mutable {
    net::Connection::open(target, std::move(socket), std::move(protocol));
  });
}

}  // namespace atrium::http
