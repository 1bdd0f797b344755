#pragma once

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace atrium::test {

/// One HTTP answer as it arrived; header names in lower case, of equal ones the last.
struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;
  std::string body;
};

/// The other end: a plain blocking socket to 127.0.0.1. Whatever takes longer than twenty seconds throws.
class TcpClient final {
 public:
  enum class Body { expected, none };

  explicit TcpClient(std::uint16_t port, int receive_buffer = 0) : TcpClient(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0) ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) fail("connect");
    const int on = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  }

  /// Takes over a connected socket.
  static TcpClient adopt(int descriptor) { return TcpClient(descriptor); }

  TcpClient(TcpClient&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), received_(std::move(other.received_)) {}
  TcpClient& operator=(TcpClient&&) = delete;
  ~TcpClient() { close(); }

  void send(std::string_view octets) {
    while (!octets.empty()) {
      const ssize_t count = ::send(descriptor_, octets.data(), octets.size(), MSG_NOSIGNAL);
      if (count < 0) fail("send");
      octets.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  /// What one read of the socket brings; empty at the end.
  std::string read_some() {
    if (!received_.empty()) return std::exchange(received_, {});
    std::string octets(64 * 1024, '\0');
    const ssize_t count = ::recv(descriptor_, octets.data(), octets.size(), 0);
    if (count < 0) fail("recv");
    octets.resize(static_cast<std::size_t>(count));
    return octets;
  }

  std::string read_exactly(std::size_t count) {
    while (received_.size() < count) more();
    std::string octets = received_.substr(0, count);
    received_.erase(0, count);
    return octets;
  }

  /// Up to and with `mark`.
  std::string read_until(std::string_view mark) {
    std::size_t found = 0;
    while ((found = received_.find(mark)) == std::string::npos) more();
    return read_exactly(found + mark.size());
  }

  /// All that still comes until the peer has closed.
  std::string read_to_end() {
    std::string all = std::exchange(received_, {});
    for (std::string piece = read_some(); !piece.empty(); piece = read_some()) all += piece;
    return all;
  }

  /// The peer has closed, or reset the connection, and nothing more came.
  bool ended() {
    if (!received_.empty()) return false;
    char octet = 0;
    const ssize_t count = ::recv(descriptor_, &octet, 1, 0);
    return count == 0 || (count < 0 && errno == ECONNRESET);
  }

  HttpAnswer read_answer(Body body = Body::expected) {
    HttpAnswer answer = read_head();
    if (body == Body::none || answer.status == 204 || answer.status == 304) return answer;
    if (answer.headers.contains("transfer-encoding")) {
      for (std::string chunk = read_chunk(); !chunk.empty(); chunk = read_chunk()) answer.body += chunk;
    } else if (answer.headers.contains("content-length")) {
      answer.body = read_exactly(std::stoul(answer.headers["content-length"]));
    } else {
      answer.body = read_to_end();
    }
    return answer;
  }

  HttpAnswer read_head() {
    const std::string head = read_until("\r\n\r\n");
    HttpAnswer answer;
    answer.status = std::stoi(head.substr(head.find(' ') + 1));
    for (std::size_t line = head.find("\r\n") + 2; line + 2 < head.size(); line = head.find("\r\n", line) + 2) {
      const std::size_t colon = head.find(": ", line);
      std::string name = head.substr(line, colon - line);
      for (char& c : name) c = static_cast<char>(std::tolower(c));
      answer.headers[name] = head.substr(colon + 2, head.find("\r\n", line) - colon - 2);
    }
    return answer;
  }

  /// One chunk of a chunked answer; empty for the last.
  std::string read_chunk() {
    const std::string size = read_until("\r\n");
    std::string chunk = read_exactly(std::stoul(size, nullptr, 16));
    read_exactly(2);
    return chunk;
  }

  HttpAnswer get(std::string_view target, std::string_view headers = {}) { return ask("GET", target, headers); }
  HttpAnswer ask(std::string_view method, std::string_view target, std::string_view headers = {}, std::string_view body = {}) {
    std::string request(method);
    request.append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n").append(headers);
    if (!body.empty()) request.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    send(request.append("\r\n").append(body));
    return read_answer(method == "HEAD" ? Body::none : Body::expected);
  }

  void half_close() { ::shutdown(descriptor_, SHUT_WR); }
  void close() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }
  /// Closes with a reset.
  void reset() {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    close();
  }

 private:
  explicit TcpClient(int descriptor) : descriptor_(descriptor) {
    if (descriptor_ < 0) fail("socket");
    const timeval patience{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  }

  void more() {
    std::string octets(64 * 1024, '\0');
    const ssize_t count = ::recv(descriptor_, octets.data(), octets.size(), 0);
    if (count < 0) fail("recv");
    if (count == 0) throw std::runtime_error("the peer closed after: " + received_);
    received_.append(octets, 0, static_cast<std::size_t>(count));
  }

  [[noreturn]] static void fail(const std::string& what) { throw std::runtime_error(what + ": " + std::strerror(errno)); }

  int descriptor_;
  std::string received_;
};

}  // namespace atrium::test
