#pragma once

#include <memory>
#include <string>

#include "http/exchange.h"
#include "http/handler.h"
#include "http/request_parser.h"
#include "net/connection.h"

namespace atrium::http {

/// The bounds of one connection. A value.
struct ConnectionOptions {
  RequestLimits limits;
  Duration idle_timeout = std::chrono::seconds(30);  ///< to send a whole request; also between two on one connection
};

/// HTTP/1.1 on one connection: one exchange at a time, keep-alive, pipelined requests in order. Owned by its
/// net::Connection.
class HttpConnection final : public net::Protocol {
 public:
  HttpConnection(Handler& handler, ConnectionOptions options);
  ~HttpConnection() override;

  /// Accepts `socket` on `shard` and serves it with `handler`, which outlives all connections.
  static void serve(net::Shard& shard, net::MovingConnection socket, Handler& handler, const ConnectionOptions& options);

  void on_open(net::Connection& connection) override;
  void on_bytes(std::span<char> bytes) override;
  void on_drained() override { serve_next(); }
  void on_closed(net::CloseCause cause) override;

  static constexpr std::size_t kBehind = 256 * 1024;  ///< octets of untaken answers, from which on no further request is served

 private:
  friend class Exchange;
  using GoOn = UniqueFunction<void(std::shared_ptr<Exchange>)>;

  net::Shard& shard() { return connection_->shard(); }
  std::size_t pending() const { return connection_->pending(); }
  void serve_next();
  /// After an answer that did not come from within serve_next(): whoever gave it is in the midst of something which a
  /// pipelined request must not come into, so that one waits for a turn of its own.
  void serve_later();
  /// The peer asks without reading: its answers would pile up here, each many times the size of the request.
  bool behind() const { return connection_->pending() > kBehind; }
  void wait_for_reader();
  void refuse(ParseError error);
  void date(Response& response);
  void begin(Request request, GoOn handle);

  // For the current exchange, which calls each at most once.
  void finish(Response response, const Request& request);
  void start_stream(Response head, const Request& request);
  void write_stream(std::string_view octets);
  void end_stream(bool keep_alive);
  void finish_raw(std::string octets);
  void upgrade(std::string head, std::unique_ptr<net::Protocol> next);
  void move_to(net::Shard& target, Request request, GoOn go_on);

  Handler& handler_;
  const ConnectionOptions options_;
  RequestParser parser_;
  net::Connection* connection_ = nullptr;
  net::Deadline idle_;
  net::Deadline next_turn_;
  std::weak_ptr<Exchange> exchange_;  ///< the one under way
  bool busy_ = false;                 ///< a request is being answered
  bool handling_ = false;             ///< the handler is on the stack: serve_next() goes on when it returns
  bool leaving_ = false;              ///< upgraded, moved or closing: nothing more is read here
  bool chunked_ = false;
  // A connection that came from another shard begins with the request that brought it here.
  std::optional<Request> first_request_;
  GoOn first_go_on_;
};

}  // namespace atrium::http
