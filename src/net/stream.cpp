#include "net/stream.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <boost/asio/ip/tcp.hpp>
#include <cerrno>

namespace atrium::net {

namespace asio = boost::asio;

Stream::Stream(asio::io_context& io, int descriptor, std::unique_ptr<TlsStream> tls)
    : socket_(io, asio::generic::stream_protocol(AF_INET, 0), descriptor), tls_(std::move(tls)) {
  socket_.native_non_blocking(true);
}

Stream::Received Stream::read_plain(std::span<char> into) {
  const ssize_t count = ::recv(descriptor(), into.data(), into.size(), 0);
  if (count > 0) return {static_cast<std::size_t>(count), Progress::want_read};
  if (count == 0) return {0, Progress::ended};
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {0, Progress::want_read};
  return {0, errno == ECONNRESET ? Progress::reset : Progress::failed};
}

namespace {

ssize_t send_some(int descriptor, const Outbox& outbox) {
  // One piece is the rule, and the kernel has less to look at then.
  if (outbox.has_one()) return ::send(descriptor, outbox.front().data(), outbox.front().size(), MSG_NOSIGNAL);
  iovec pieces[Outbox::kMaxPieces];
  msghdr message{};
  message.msg_iov = pieces;
  message.msg_iovlen = outbox.gather(pieces);
  return ::sendmsg(descriptor, &message, MSG_NOSIGNAL);
}

}  // namespace

Progress Stream::write_plain(Outbox& outbox) {
  while (!outbox.empty()) {
    const ssize_t count = send_some(descriptor(), outbox);
    if (count >= 0) {
      outbox.consume(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return Progress::want_write;
    } else if (errno != EINTR) {
      return errno == EPIPE || errno == ECONNRESET ? Progress::reset : Progress::failed;
    }
  }
  return Progress::done;
}

void Stream::end_writing() {
  say_goodbye();
  ::shutdown(descriptor(), SHUT_WR);
}

std::size_t Stream::untaken() const {
  int octets = 0;
  return ::ioctl(descriptor(), SIOCOUTQ, &octets) == 0 ? static_cast<std::size_t>(octets) : 0;
}

std::string Stream::peer_address() const {
  asio::ip::tcp::endpoint endpoint;
  socklen_t size = static_cast<socklen_t>(endpoint.capacity());
  if (::getpeername(descriptor(), endpoint.data(), &size) != 0) return {};
  if (endpoint.data()->sa_family == AF_UNIX) return "unix";
  endpoint.resize(size);
  asio::ip::address address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  }
  return address.to_string();
}

void Stream::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

MovingConnection Stream::release() {
  MovingConnection moving(socket_.release());
  moving.tls = std::move(tls_);
  return moving;
}

}  // namespace atrium::net
