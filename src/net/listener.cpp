#include "net/listener.h"

#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <cstring>

#include "base/log.h"
#include "net/listening_socket.h"
#include "net/tls_context.h"
#include "net/tls_stream.h"

namespace atrium::net {

namespace asio = boost::asio;

struct Listener::Acceptor {
  Acceptor(asio::io_context& io, ListeningSocket opened)
      : socket(std::move(opened)), readiness(io, socket.descriptor()), retry(io) {}
  ~Acceptor() { close(); }
  void close() {
    if (readiness.is_open()) readiness.release();  // the descriptor is the socket's
    retry.cancel();
    socket.close();
  }

  ListeningSocket socket;
  asio::posix::stream_descriptor readiness;
  asio::steady_timer retry;
};

Result<std::unique_ptr<Listener>, std::string> Listener::listen(ShardSet& shards, const Address& address, OnAccept on_accept) {
  auto socket = ListeningSocket::open(address);
  if (!socket) return socket.error();
  auto acceptor = std::make_unique<Acceptor>(shards[0].io(), std::move(*socket));
  std::unique_ptr<Listener> listener(new Listener(shards, std::move(acceptor), address.tls, std::move(on_accept)));
  listener->wait();
  return listener;
}

Listener::Listener(ShardSet& shards, std::unique_ptr<Acceptor> acceptor, std::shared_ptr<TlsContext> tls, OnAccept on_accept)
    : shards_(shards),
      acceptor_(std::move(acceptor)),
      port_(acceptor_->socket.port()),
      tls_(std::move(tls)),
      on_accept_(std::move(on_accept)) {}

Listener::~Listener() = default;

void Listener::stop() {
  shards_[0].post([this] { acceptor_->close(); });
}

void Listener::wait() {
  acceptor_->readiness.async_wait(asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
    if (!error) accept_all();
  });
}

void Listener::hand_out(Shard& shard, MovingConnection socket) {
  if (tls_) socket.tls = tls_->begin(socket.descriptor);
  on_accept_(shard, std::move(socket));
}

void Listener::accept_all() {
  for (;;) {
    const int descriptor = ::accept4(acceptor_->socket.descriptor(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) {
      Shard& shard = *shards_.begin()[static_cast<std::ptrdiff_t>(next_shard_++ % shards_.size())];
      shard.dispatch([this, &shard, socket = MovingConnection(descriptor)]() mutable { hand_out(shard, std::move(socket)); });
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
