#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "net/listener.h"
#include "net/tls_context.h"
#include "tests/support/certificates.h"
#include "tests/support/connect.h"
#include "tests/support/connection_recorder.h"
#include "tests/support/running_shards.h"
#include "tests/support/tls_client.h"

namespace atrium::test {

/// A listener over TLS on a free port of the loopback, with a certificate of the test's own in the name of "first", whose
/// connections write down what happens to them and do with octets what the test says.
class TlsServer final {
 public:
  explicit TlsServer(ConnectionRecorder::OnBytes on_bytes = {}, unsigned shard_count = 1, net::TlsOptions options = {})
      : shards(shard_count), on_bytes_(std::move(on_bytes)) {
    if (options.certificate.empty()) options.certificate = certificate.file;
    if (options.key.empty()) options.key = certificate.key_file;
    tls = *net::TlsContext::load(options);
    listener_ = shards.on(0, [&] {
      const net::Address address{.host = "127.0.0.1", .port = 0, .tls = tls};
      return *net::Listener::listen(shards.set(), address, [this](net::Shard& shard, net::MovingConnection socket) {
        net::Connection::open(shard, std::move(socket), std::make_unique<ConnectionRecorder>(events, on_bytes_));
      });
    });
  }
  ~TlsServer() { shards.stop(); }

  std::uint16_t port() const { return listener_->port(); }
  TlsClient connect(const TlsClientOptions& options = {}, int receive_buffer = 0) {
    return TlsClient(connect_to_port(port(), receive_buffer), options);
  }
  std::size_t connection_count() {
    std::size_t count = 0;
    for (std::size_t i = 0; i < shards.set().size(); ++i) {
      count += shards.on(i, [&] { return shards[i].connection_count(); });
    }
    return count;
  }
  /// Until every connection that was accepted has gone again.
  void await_nobody() {
    while (connection_count() > 0) shards.settle();
  }

  TemporaryDirectory directory;
  const Certificate certificate{directory, "first"};
  EventQueue events;
  RunningShards shards;
  std::shared_ptr<net::TlsContext> tls;

 private:
  ConnectionRecorder::OnBytes on_bytes_;
  std::unique_ptr<net::Listener> listener_;
};

}  // namespace atrium::test
