#include "net/connection.h"

#include <boost/asio/post.hpp>

#include "net/stream.h"

namespace atrium::net {

namespace {

CloseCause cause_of(Progress progress) {
  return progress == Progress::failed ? CloseCause::network_error : CloseCause::by_peer;
}

}  // namespace

Connection::Connection(Shard& shard, MovingConnection& socket)
    : shard_(shard),
      stream_(std::make_unique<Stream>(shard.io(), std::exchange(socket.descriptor, -1), std::move(socket.tls))) {}

Connection::~Connection() = default;

void Connection::open(Shard& shard, MovingConnection socket, std::unique_ptr<Protocol> protocol) {
  const std::shared_ptr<Connection> connection(new Connection(shard, socket));
  shard.add(connection);
  for (auto& piece : socket.unsent) connection->send(std::move(piece));
  connection->protocol_ = std::move(protocol);
  const TlsStream* const handshake = connection->stream_->handshake();
  if (!handshake) return connection->start(socket.unread);
  connection->state_ = State::handshaking;
  connection->deadline_ = std::make_unique<Deadline>([self = connection.get()] { self->abort(CloseCause::by_us); });
  shard.deadlines().arm(*connection->deadline_, handshake->handshake_timeout());
  connection->shake_hands();
}

void Connection::shake_hands() {
  const auto go_on = [self = shared_from_this()](const boost::system::error_code& error) {
    if (!error && self->state_ == State::handshaking) self->shake_hands();
  };
  switch (const Progress progress = stream_->handshake()->shake_hands()) {
    case Progress::done:
      deadline_.reset();
      state_ = State::open;
      return start({});
    case Progress::want_read:
      return stream_->wait_readable(go_on);
    case Progress::want_write:
      return stream_->wait_writable(go_on);
    default:
      abort(cause_of(progress));
  }
}

void Connection::start(std::span<char> unread) {
  started_ = true;
  protocol_->on_open(*this);
  if (!unread.empty() && state_ == State::open) protocol_->on_bytes(unread);
  read_when(stream_->holds_octets() ? Progress::done : Progress::want_read);
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
  deadline_ = std::make_unique<Deadline>([this] { abort(CloseCause::by_us); });
  shard_.deadlines().arm(*deadline_, kLinger);
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
  MovingConnection moving = stream_->release();
  moving.unsent = outbox_.take();
  moving.unread = std::move(unread);
  state_ = State::detached;
  mark_dirty();
  return moving;
}

std::string Connection::peer_address() const { return stream_->peer_address(); }

bool Connection::secure() const { return stream_->secure(); }

void Connection::read_when(Progress next) {
  if (state_ != State::open) return;
  auto read = [self = shared_from_this()](const boost::system::error_code& error) {
    if (!error && self->state_ == State::open) self->on_readable();
  };
  switch (next) {
    case Progress::done:  // no wait, but the others' turn first
      return boost::asio::post(shard_.io(), [read = std::move(read)] { read({}); });
    case Progress::want_write:  // the answer to a change of keys, which comes before the next octets
      return stream_->wait_writable(std::move(read));
    default:
      return stream_->wait_readable(std::move(read));
  }
}

void Connection::on_readable() {
  const std::span<char> buffer = shard_.receive_buffer();
  const auto [count, next] = stream_->read(buffer);
  if (count > 0) protocol_->on_bytes(buffer.first(count));
  if (state_ != State::open) return;
  if (next == Progress::ended || next == Progress::reset || next == Progress::failed) {
    if (next == Progress::ended) {
      flush();  // a peer that only sends no more still reads what this turn had for it
      stream_->say_goodbye();
    }
    return abort(cause_of(next));
  }
  read_when(next);
}

void Connection::wait_writable() {
  blocked_ = true;
  if (state_ == State::open && stall_limit_ > Duration::zero()) {
    deadline_ = std::make_unique<Deadline>([this] { watch_stall(); });
    shard_.deadlines().arm(*deadline_, stall_limit_);
    untaken_ = stream_->untaken();
  }
  stream_->wait_writable([self = shared_from_this()](const boost::system::error_code& error) {
    self->blocked_ = false;
    if (self->state_ == State::open) self->deadline_.reset();
    if (error || (self->state_ != State::open && self->state_ != State::closing)) return;
    self->flush();
    if (self->outbox_.empty() && self->state_ == State::open) self->protocol_->on_drained();
    self->mark_dirty();
  });
}

void Connection::watch_stall() {
  // The kernel asks for more only when much of what it holds is gone; that some of it is gone is enough here.
  const std::size_t untaken = stream_->untaken();
  if (untaken >= untaken_) return abort(CloseCause::slow_consumer);
  untaken_ = untaken;
  shard_.deadlines().arm(*deadline_, stall_limit_);
}

void Connection::wait_drained() {
  stream_->wait_readable([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error && self->state_ == State::draining) self->drain();
  });
}

void Connection::drain() {
  if (stream_->discard(shard_.receive_buffer()) == Progress::want_read) {
    wait_drained();
  } else {
    abort(CloseCause::by_us);
  }
}

void Connection::flush() {
  if (outbox_.empty() || blocked_) return;
  const Progress progress = stream_->write(outbox_);
  if (progress == Progress::want_write) {
    wait_writable();
  } else if (progress != Progress::done) {
    abort(cause_of(progress));
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
      stream_->end_writing();
      wait_drained();
    } else {
      stream_->say_goodbye();
    }
  }
  if (state_ == State::closed || state_ == State::detached) finish();
}

void Connection::finish() {
  if (!protocol_) return;
  deadline_.reset();
  const auto self = shared_from_this();
  shard_.remove(*this);
  stream_->close();
  const auto protocol = std::move(protocol_);
  if (state_ == State::closed && started_) protocol->on_closed(cause_);
}

}  // namespace atrium::net
