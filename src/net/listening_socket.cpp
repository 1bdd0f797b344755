#include "net/listening_socket.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <cstring>

namespace atrium::net {

namespace {

using boost::asio::ip::tcp;

constexpr int kFlags = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

bool set(int descriptor, int level, int option, int value) {
  return ::setsockopt(descriptor, level, option, &value, sizeof(value)) == 0;
}

/// At least one: zero is no value of these options.
int seconds(Duration duration) {
  return static_cast<int>(std::max(std::chrono::ceil<std::chrono::seconds>(duration), std::chrono::seconds(1)).count());
}

int milliseconds(Duration duration) { return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(duration).count()); }

/// What is set on a listening socket holds for those that it accepts.
bool notice_dead_peers(int descriptor, const DeadPeers& options) {
  if (options.unacknowledged > Duration::zero() &&
      !set(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, milliseconds(options.unacknowledged))) {
    return false;
  }
  if (options.silent <= Duration::zero()) return true;
  return set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1) && set(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, seconds(options.silent)) &&
         set(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, seconds(options.ask_again)) &&
         set(descriptor, IPPROTO_TCP, TCP_KEEPCNT, options.questions);
}

std::string tcp_problem(const Address& address) {
  switch (errno) {
    case EADDRINUSE:
      return fmt::format("Port {} is already in use; stop the program that holds it, or choose another with --port.",
                         address.port);
    case EACCES:
      return fmt::format("Port {} needs more rights than this user has; choose one above 1023 with --port.", address.port);
    case EADDRNOTAVAIL:
      return fmt::format(
          "No interface of this machine has the address {}; give one that has, or 0.0.0.0 or :: for all of them.",
          address.host);
    case EAFNOSUPPORT:
      return fmt::format("This machine has no IPv6, which {} needs; give an IPv4 address such as 0.0.0.0.", address.host);
    default:
      return fmt::format("Cannot listen on {} port {}: {}.", address.host, address.port, std::strerror(errno));
  }
}

enum class Holder { nobody, dead_socket, live_socket, other_file };

/// Who holds the path of a Unix socket now.
Holder holder_of(const std::string& path, const sockaddr_un& address) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return Holder::nobody;
  if (!S_ISSOCK(found.st_mode)) return Holder::other_file;
  const int probe = ::socket(AF_UNIX, kFlags, 0);
  const int result = ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  const bool refused = result != 0 && errno == ECONNREFUSED;
  ::close(probe);
  return refused ? Holder::dead_socket : Holder::live_socket;
}

std::string unix_problem(const std::string& path) {
  switch (errno) {
    case ENOENT:
      return fmt::format("The directory of the socket '{}' does not exist; make it, or choose another path.", path);
    case EACCES:
    case EPERM:
    case EROFS:
      return fmt::format("The directory of the socket '{}' is not this user's to write to; choose another path.", path);
    default:
      return fmt::format("Cannot listen at '{}': {}.", path, std::strerror(errno));
  }
}

}  // namespace

ListeningSocket::ListeningSocket(ListeningSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      port_(other.port_),
      path_(std::exchange(other.path_, {})),
      device_(other.device_),
      inode_(other.inode_) {}

void ListeningSocket::close() {
  if (descriptor_ < 0) return;
  // While the socket is open it keeps its inode, so that no other file can have that number.
  struct stat found {};
  if (!path_.empty() && ::lstat(path_.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_) {
    ::unlink(path_.c_str());
  }
  ::close(std::exchange(descriptor_, -1));
}

Result<ListeningSocket, std::string> ListeningSocket::open(const Address& address) {
  return address.host.starts_with(kUnixPrefix) ? open_unix(address.host.substr(kUnixPrefix.size()), address.socket_mode)
                                               : open_tcp(address);
}

Result<ListeningSocket, std::string> ListeningSocket::open_tcp(const Address& address) {
  boost::system::error_code error;
  const auto ip = boost::asio::ip::make_address(address.host == "localhost" ? "127.0.0.1" : address.host, error);
  if (error) {
    return fmt::format("'{}' is not an address to listen on; give a numeric one such as 0.0.0.0 or 127.0.0.1.", address.host);
  }
  tcp::endpoint endpoint(ip, address.port);
  ListeningSocket socket(::socket(ip.is_v6() ? AF_INET6 : AF_INET, kFlags, 0));
  const int descriptor = socket.descriptor_;
  if (descriptor < 0 || !set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1) || !set(descriptor, IPPROTO_TCP, TCP_NODELAY, 1) ||
      (ip.is_v6() && !set(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 0))) {
    return tcp_problem(address);
  }
  if (!notice_dead_peers(descriptor, address.dead_peers)) {
    return fmt::format(
        "The system refuses the dead peer options of {} port {}: {}; give times of at most 9 hours, and at most 127 "
        "questions.",
        address.host, address.port, std::strerror(errno));
  }
  socklen_t size = static_cast<socklen_t>(endpoint.size());
  if (::bind(descriptor, endpoint.data(), size) != 0 || ::listen(descriptor, SOMAXCONN) != 0 ||
      ::getsockname(descriptor, endpoint.data(), &size) != 0) {
    return tcp_problem(address);
  }
  socket.port_ = endpoint.port();
  return socket;
}

Result<ListeningSocket, std::string> ListeningSocket::open_unix(const std::string& path, unsigned mode) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty()) return std::string("'unix:' names no socket; give its path, as in unix:/run/atrium.sock.");
  if (path.size() >= sizeof(address.sun_path)) {
    return fmt::format("The socket path '{}' is too long for the system; give one of at most {} octets.", path,
                       sizeof(address.sun_path) - 1);
  }
  std::memcpy(address.sun_path, path.data(), path.size());

  switch (holder_of(path, address)) {
    case Holder::live_socket:
      return fmt::format("A program listens at '{}' already; stop it, or choose another path.", path);
    case Holder::other_file:
      return fmt::format("'{}' is there and is no socket; choose another path, or remove it.", path);
    case Holder::dead_socket:
      if (::unlink(path.c_str()) != 0) return unix_problem(path);
      break;
    case Holder::nobody:
      break;
  }

  ListeningSocket socket(::socket(AF_UNIX, kFlags, 0));
  struct stat made {};
  // The mode that the file is made with is the socket's, less the umask: at no moment may more people connect than should.
  if (socket.descriptor_ < 0 || ::fchmod(socket.descriptor_, mode) != 0 ||
      ::bind(socket.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      ::lstat(path.c_str(), &made) != 0) {
    return unix_problem(path);
  }
  socket.path_ = path;
  socket.device_ = made.st_dev;
  socket.inode_ = made.st_ino;
  if (::chmod(path.c_str(), mode) != 0 || ::listen(socket.descriptor_, SOMAXCONN) != 0) return unix_problem(path);
  return socket;
}

}  // namespace atrium::net
