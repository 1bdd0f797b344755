#include "net/connector.h"

#include <sys/un.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "net/address.h"
#include "net/connection.h"
#include "net/tls_stream.h"
#include "net/tls_trust.h"

namespace atrium::net {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// One try, kept alive by what it waits for.
class Attempt final : public std::enable_shared_from_this<Attempt> {
 public:
  Attempt(Shard& shard, Destination to, std::unique_ptr<Protocol> protocol, UniqueFunction<void(std::string)> failed)
      : shard_(shard),
        to_(std::move(to)),
        resolver_(shard.io()),
        tcp_(shard.io()),
        local_(shard.io()),
        deadline_([this] { expire(); }),
        protocol_(std::move(protocol)),
        failed_(std::move(failed)) {}

  void begin(Duration patience) {
    shard_.deadlines().arm(deadline_, patience);
    if (to_.host.starts_with(kUnixPrefix)) return connect_local(to_.host.substr(kUnixPrefix.size()));
    const auto found = [self = shared_from_this()](const error_code& error, asio::ip::tcp::resolver::results_type addresses) {
      if (error) return self->give_up(error.message());
      asio::async_connect(self->tcp_, addresses, [self](const error_code& problem, const asio::ip::tcp::endpoint&) {
        self->on_connected_by_tcp(problem);
      });
    };
    resolver_.async_resolve(to_.host, std::to_string(to_.port), found);
  }

 private:
  void connect_local(const std::string& path) {
    asio::local::stream_protocol::endpoint endpoint;
    if (path.size() >= sizeof(sockaddr_un{}.sun_path)) return give_up(error_code(asio::error::name_too_long).message());
    endpoint.path(path);
    local_.async_connect(endpoint, [self = shared_from_this()](const error_code& problem) {
      if (problem) return self->give_up(problem.message());
      if (self->protocol_) self->open(MovingConnection(self->local_.release()));
    });
  }

  void on_connected_by_tcp(const error_code& problem) {
    if (problem) return give_up(problem.message());
    if (!protocol_) return;
    error_code ignored;
    tcp_.set_option(asio::ip::tcp::no_delay(true), ignored);
    if (!to_.tls) return open(MovingConnection(tcp_.release()));
    tcp_.native_non_blocking(true, ignored);
    tls_ = to_.tls->begin(tcp_.native_handle(), to_.host);
    shake_hands();
  }

  void shake_hands() {
    const auto go_on = [self = shared_from_this()](const error_code& error) {
      if (!error && self->protocol_) self->shake_hands();
    };
    switch (tls_->shake_hands()) {
      case Progress::done: {
        MovingConnection connection(tcp_.release());
        connection.tls = std::move(tls_);
        return open(std::move(connection));
      }
      case Progress::want_read:
        return tcp_.async_wait(asio::socket_base::wait_read, go_on);
      case Progress::want_write:
        return tcp_.async_wait(asio::socket_base::wait_write, go_on);
      default:
        give_up(tls_->complaint());
    }
  }

  void open(MovingConnection connection) {
    deadline_.cancel();
    Connection::open(shard_, std::move(connection), std::move(protocol_));
  }

  void expire() {
    give_up(tls_ ? "no end of the TLS handshake in time; does this port speak TLS?"
                 : error_code(asio::error::timed_out).message());
  }

  void give_up(const std::string& why) {
    if (!protocol_) return;
    deadline_.cancel();
    protocol_.reset();
    error_code ignored;
    resolver_.cancel();
    tcp_.close(ignored);
    local_.close(ignored);
    failed_(why);
  }

  Shard& shard_;
  const Destination to_;
  asio::ip::tcp::resolver resolver_;
  asio::ip::tcp::socket tcp_;
  asio::local::stream_protocol::socket local_;
  std::unique_ptr<TlsStream> tls_;  ///< the handshake is under way
  Deadline deadline_;
  std::unique_ptr<Protocol> protocol_;  ///< null: it is over
  UniqueFunction<void(std::string)> failed_;
};

}  // namespace

void connect(Shard& shard, const Destination& to, Duration patience, std::unique_ptr<Protocol> protocol,
             UniqueFunction<void(std::string why)> failed) {
  std::make_shared<Attempt>(shard, to, std::move(protocol), std::move(failed))->begin(patience);
}

}  // namespace atrium::net
