#include "net/listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/log.h"

namespace atrium::net {

namespace asio = boost::asio;
using asio::ip::tcp;

struct Listener::Acceptor {
  explicit Acceptor(asio::io_context& io) : acceptor(io), retry(io) {}
  tcp::acceptor acceptor;
  asio::steady_timer retry;
};

Result<std::unique_ptr<Listener>, std::string> Listener::listen(ShardSet& shards, const Address& address, OnAccept on_accept) {
  boost::system::error_code error;
  const auto ip = asio::ip::make_address(address.host == "localhost" ? "127.0.0.1" : address.host, error);
  if (error) {
    return fmt::format("'{}' is not an address to listen on; give a numeric one such as 0.0.0.0 or 127.0.0.1.", address.host);
  }

  const tcp::endpoint endpoint(ip, address.port);
  auto acceptor = std::make_unique<Acceptor>(shards[0].io());
  auto& socket = acceptor->acceptor;
  socket.open(endpoint.protocol(), error);
  if (!error) socket.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) socket.bind(endpoint, error);
  if (!error) socket.listen(asio::socket_base::max_listen_connections, error);
  if (!error) socket.native_non_blocking(true, error);
  if (error == asio::error::address_in_use) {
    return fmt::format("Port {} is already in use; stop the program that holds it, or choose another with --port.",
                       address.port);
  }
  if (error == asio::error::access_denied) {
    return fmt::format("Port {} needs more rights than this user has; choose one above 1023 with --port.", address.port);
  }
  if (error) return fmt::format("Cannot listen on {} port {}: {}.", address.host, address.port, error.message());

  std::unique_ptr<Listener> listener(new Listener(shards, std::move(acceptor), std::move(on_accept)));
  listener->wait();
  return listener;
}

Listener::Listener(ShardSet& shards, std::unique_ptr<Acceptor> acceptor, OnAccept on_accept)
    : shards_(shards), acceptor_(std::move(acceptor)), on_accept_(std::move(on_accept)) {}

Listener::~Listener() = default;

std::uint16_t Listener::port() const { return acceptor_->acceptor.local_endpoint().port(); }

void Listener::stop() {
  shards_[0].post([this] {
    boost::system::error_code ignored;
    acceptor_->acceptor.close(ignored);
    acceptor_->retry.cancel();
  });
}

void Listener::wait() {
  acceptor_->acceptor.async_wait(tcp::acceptor::wait_read, [this](const boost::system::error_code& error) {
    if (!error) accept_all();
  });
}

void Listener::accept_all() {
  for (;;) {
    const int descriptor = ::accept4(acceptor_->acceptor.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) {
      const int on = 1;
      ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
      Shard& shard = *shards_.begin()[static_cast<std::ptrdiff_t>(next_shard_++ % shards_.size())];
      shard.dispatch([this, &shard, socket = MovingConnection(descriptor)]() mutable { on_accept_(shard, std::move(socket)); });
      continue;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      // Out of descriptors: those who wait stay in the backlog; look again soon instead of spinning.
      log::warn("cannot accept a connection: {}; raise the limit of open files (ulimit -n)", std::strerror(errno));
      acceptor_->retry.expires_after(std::chrono::milliseconds(100));
      acceptor_->retry.async_wait([this](const boost::system::error_code& error) {
        if (!error) accept_all();
      });
      return;
    }
    if (errno == EINTR || errno == ECONNABORTED) continue;
    break;
  }
  wait();
}

}  // namespace atrium::net
