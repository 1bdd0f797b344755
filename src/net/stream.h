#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "net/moving_connection.h"
#include "net/outbox.h"
#include "net/tls_stream.h"

namespace atrium::net {

/// The octets of one connection, in the clear or under TLS, and the waiting for its descriptor. Knows no turn, deadline or
/// protocol: that is its Connection's, which owns it. Stays on that one's shard.
class Stream final {
 public:
  Stream(boost::asio::io_context& io, int descriptor, std::unique_ptr<TlsStream> tls);

  bool secure() const { return tls_ != nullptr; }
  /// What to do before the first read or write; null when there is nothing to do (any more).
  TlsStream* handshake() { return tls_ && !tls_->established() ? tls_.get() : nullptr; }

  using Received = TlsStream::Received;
  /// One try to read. `next` says want_read also beside a count.
  Received read(std::span<char> into) { return tls_ ? tls_->read(into) : read_plain(into); }
  /// Octets are here for which no wait_readable() would end.
  bool holds_octets() const { return tls_ && tls_->holds_octets(); }
  /// Writes from the front of `outbox`, gathered. done: it is empty.
  Progress write(Outbox& outbox) { return tls_ ? tls_->write(outbox) : write_plain(outbox); }

  /// Tells the peer that no more will be written, as far as TLS does; end_writing() does so by TCP too.
  void say_goodbye() {
    if (tls_) tls_->say_goodbye();
  }
  void end_writing();
  /// Reads what the peer still sends, and throws it away.
  Progress discard(std::span<char> scratch) { return read_plain(scratch).next; }

  template <class Handler>
  void wait_readable(Handler handler) {
    socket_.async_wait(boost::asio::socket_base::wait_read, std::move(handler));
  }
  template <class Handler>
  void wait_writable(Handler handler) {
    socket_.async_wait(boost::asio::socket_base::wait_write, std::move(handler));
  }

  std::string peer_address() const;
  /// Octets that were written and that the peer has not taken.
  std::size_t untaken() const;
  void close();
  /// Gives up the descriptor and what TLS knows of it.
  MovingConnection release();

 private:
  // With the loop's own executor, not any: smaller, and no indirection at each wait.
  using Socket =
      boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, boost::asio::io_context::executor_type>;

  Received read_plain(std::span<char> into);
  Progress write_plain(Outbox& outbox);
  int descriptor() const { return const_cast<Socket&>(socket_).native_handle(); }

  Socket socket_;
  std::unique_ptr<TlsStream> tls_;
};

}  // namespace atrium::net
