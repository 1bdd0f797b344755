#include "net/connection.h"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace atrium::net {

MovingConnection::MovingConnection(MovingConnection&& other) noexcept
    : descriptor(std::exchange(other.descriptor, -1)), unsent(std::move(other.unsent)), unread(std::move(other.unread)) {}

MovingConnection::~MovingConnection() {
  if (descriptor >= 0) ::close(descriptor);
}

struct Connection::Socket {
  Socket(boost::asio::io_context& io, int descriptor)
      : stream(io, boost::asio::generic::stream_protocol(AF_INET, 0), descriptor) {}
  boost::asio::generic::stream_protocol::socket stream;
};

Connection::Connection(Shard& shard, int descriptor)
    : shard_(shard), socket_(std::make_unique<Socket>(shard.io(), descriptor)) {
  socket_->stream.native_non_blocking(true);
}

Connection::~Connection() = default;

void Connection::open(Shard& shard, MovingConnection socket, std::unique_ptr<Protocol> protocol) {
  const std::shared_ptr<Connection> connection(new Connection(shard, std::exchange(socket.descriptor, -1)));
  shard.add(connection);
  for (auto& piece : socket.unsent) connection->send(std::move(piece));
  connection->protocol_ = std::move(protocol);
  connection->protocol_->on_open(*connection);
  if (!socket.unread.empty() && connection->state_ == State::open) connection->protocol_->on_bytes(socket.unread);
  connection->wait_readable();
}

void Connection::send(Bytes bytes) {
  if (state_ != State::open) return;
  // One large answer is no sign of a slow peer; one more on top of an unread pile is. What the kernel would still take is no
  // pile.
  const auto too_much = [&] { return outbox_limit_ > 0 && !outbox_.empty() && outbox_.size() + bytes.size() > outbox_limit_; };
  if (too_much() && !blocked_) flush();
  if (too_much()) abort(CloseCause::slow_consumer);
  if (state_ != State::open) return;
  outbox_.push(std::move(bytes));
  if (!blocked_) mark_dirty();
}

void Connection::close() {
  if (state_ != State::open) return;
  state_ = State::closing;
  linger_ = std::make_unique<Deadline>([this] { abort(CloseCause::by_us); });
  shard_.deadlines().arm(*linger_, kLinger);
  mark_dirty();
}

void Connection::close_draining() {
  drain_ = state_ == State::open;
  close();
}

void Connection::abort(CloseCause cause) {
  if (state_ == State::closed || state_ == State::detached) return;
  state_ = State::closed;
  cause_ = cause;
  mark_dirty();
}

void Connection::become(std::unique_ptr<Protocol> next, std::string unread) {
  replaced_.push_back(std::exchange(protocol_, std::move(next)));
  mark_dirty();
  protocol_->on_open(*this);
  if (!unread.empty() && state_ == State::open) protocol_->on_bytes(unread);
}

MovingConnection Connection::detach(std::string unread) {
  flush();
  MovingConnection moving(socket_->stream.release());
  moving.unsent = outbox_.take();
  moving.unread = std::move(unread);
  state_ = State::detached;
  mark_dirty();
  return moving;
}

std::string Connection::peer_address() const {
  boost::asio::ip::tcp::endpoint endpoint;
  socklen_t size = static_cast<socklen_t>(endpoint.capacity());
  // The handle is const only in C++'s eyes.
  if (::getpeername(socket_->stream.native_handle(), endpoint.data(), &size) != 0) return {};
  endpoint.resize(size);
  boost::asio::ip::address address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6());
  }
  return address.to_string();
}

void Connection::wait_readable() {
  if (state_ != State::open) return;
  socket_->stream.async_wait(boost::asio::socket_base::wait_read,
                             [self = shared_from_this()](const boost::system::error_code& error) {
                               if (!error && self->state_ == State::open) self->on_readable();
                             });
}

void Connection::on_readable() {
  const std::span<char> buffer = shard_.receive_buffer();
  const ssize_t count = ::recv(socket_->stream.native_handle(), buffer.data(), buffer.size(), 0);
  if (count > 0) {
    protocol_->on_bytes(buffer.first(static_cast<std::size_t>(count)));
  } else if (count == 0) {
    flush();  // a peer that only sends no more still reads what this turn had for it
    abort(CloseCause::by_peer);
  } else if (errno == ECONNRESET) {
    abort(CloseCause::by_peer);
  } else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
    abort(CloseCause::network_error);
  }
  wait_readable();
}

void Connection::wait_writable() {
  blocked_ = true;
  socket_->stream.async_wait(boost::asio::socket_base::wait_write,
                             [self = shared_from_this()](const boost::system::error_code& error) {
                               self->blocked_ = false;
                               if (error || (self->state_ != State::open && self->state_ != State::closing)) return;
                               self->flush();
                               if (self->outbox_.empty() && self->state_ == State::open) self->protocol_->on_drained();
                               self->mark_dirty();
                             });
}

void Connection::wait_drained() {
  socket_->stream.async_wait(boost::asio::socket_base::wait_read,
                             [self = shared_from_this()](const boost::system::error_code& error) {
                               if (!error && self->state_ == State::draining) self->drain();
                             });
}

void Connection::drain() {
  const std::span<char> buffer = shard_.receive_buffer();
  const ssize_t count = ::recv(socket_->stream.native_handle(), buffer.data(), buffer.size(), 0);
  if (count > 0 || (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))) {
    wait_drained();
  } else {
    abort(CloseCause::by_us);
  }
}

void Connection::flush() {
  iovec pieces[Outbox::kMaxPieces];
  while (!outbox_.empty() && !blocked_) {
    msghdr message{};
    message.msg_iov = pieces;
    message.msg_iovlen = outbox_.gather(pieces);
    const ssize_t count = ::sendmsg(socket_->stream.native_handle(), &message, MSG_NOSIGNAL);
    if (count >= 0) {
      outbox_.consume(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      wait_writable();
    } else if (errno != EINTR) {
      abort(errno == EPIPE || errno == ECONNRESET ? CloseCause::by_peer : CloseCause::network_error);
      return;
    }
  }
}

void Connection::mark_dirty() {
  if (dirty_) return;
  dirty_ = true;
  shard_.mark_dirty(shared_from_this());
}

void Connection::end_turn() {
  dirty_ = false;
  replaced_.clear();
  if (state_ == State::open || state_ == State::closing) flush();
  if (state_ == State::closing && outbox_.empty()) {
    state_ = drain_ ? State::draining : State::closed;
    if (drain_) {
      ::shutdown(socket_->stream.native_handle(), SHUT_WR);
      wait_drained();
    }
  }
  if (state_ == State::closed || state_ == State::detached) finish();
}

void Connection::finish() {
  if (!protocol_) return;
  linger_.reset();
  const auto self = shared_from_this();
  shard_.remove(*this);
  boost::system::error_code ignored;
  socket_->stream.close(ignored);
  const auto protocol = std::move(protocol_);
  if (state_ == State::closed) protocol->on_closed(cause_);
}

}  // namespace atrium::net
