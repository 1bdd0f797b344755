#pragma once

#include <functional>
#include <memory>

#include "http/exchange.h"
#include "http/handler.h"
#include "http/http_connection.h"
#include "net/listener.h"
#include "tests/support/running_shards.h"
#include "tests/support/tcp_client.h"

namespace atrium::test {

/// A handler that is one function.
class FunctionHandler final : public http::Handler {
 public:
  using Function = std::function<void(std::shared_ptr<http::Exchange>)>;
  explicit FunctionHandler(Function function) : function_(std::move(function)) {}
  void handle(std::shared_ptr<http::Exchange> exchange) override { function_(std::move(exchange)); }

 private:
  Function function_;
};

/// An HTTP server on a free port of the loopback, until the end of the test.
class HttpServer final {
 public:
  explicit HttpServer(http::Handler& handler, http::ConnectionOptions options = {}, unsigned shard_count = 1)
      : shards_(shard_count), listener_(shards_.on(0, [&] {
          return *net::Listener::listen(shards_.set(), {.host = "127.0.0.1", .port = 0},
                                        [&handler, options](net::Shard& shard, net::MovingConnection socket) {
                                          http::HttpConnection::serve(shard, std::move(socket), handler, options);
                                        });
        })) {}
  ~HttpServer() { shards_.stop(); }

  TcpClient connect(int receive_buffer = 0) { return TcpClient(listener_->port(), receive_buffer); }
  RunningShards& shards() { return shards_; }

 private:
  RunningShards shards_;
  std::unique_ptr<net::Listener> listener_;
};

}  // namespace atrium::test
