#include "crowd.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

#include "wire.h"

namespace atrium::bench {

namespace {

constexpr auto kPatience = std::chrono::seconds(90);
constexpr std::size_t kBuffer = 256 * 1024;
constexpr std::size_t kJoinWindow = 32;

}  // namespace

Crowd::Crowd(std::vector<std::uint16_t> ports, std::vector<std::string> tokens, std::size_t rooms)
    : ports_(std::move(ports)),
      tokens_(std::move(tokens)),
      rooms_(rooms),
      epoll_(::epoll_create1(0)),
      clients_(tokens_.size()),
      buffer_(kBuffer) {}

Crowd::~Crowd() {
  for (const Client& client : clients_) {
    if (client.descriptor >= 0) ::close(client.descriptor);
  }
  ::close(epoll_);
}

void Crowd::open(std::size_t client) {
  Client& opened = clients_[client];
  opened = {};
  opened.opened = Clock::now();
  opened.descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(ports_[client / rooms_ % ports_.size()]);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(opened.descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect to the server");
  }
  const int on = 1;
  ::setsockopt(opened.descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = client;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, opened.descriptor, &event);
  send(client, upgrade_request());
}

void Crowd::disconnect(std::size_t client) {
  ::close(clients_[client].descriptor);
  clients_[client] = {};
}

void Crowd::enter(std::size_t first, std::size_t last, std::size_t window) {
  welcomed_ = 0;
  for (std::size_t client = first; client < last; ++client) {
    open(client);
    const std::size_t opened = client - first + 1;
    if (opened >= window) await(welcomed_, opened - window + 1, "a welcome");
  }
  await(welcomed_, last - first, "a welcome");
}

void Crowd::join(std::size_t first, std::size_t last) { ask("channel:join", first, last); }

void Crowd::leave(std::size_t first, std::size_t last) { ask("channel:leave", first, last); }

void Crowd::ask(std::string_view event, std::size_t first, std::size_t last) {
  acknowledged_ = 0;
  for (std::size_t client = first; client < last; ++client) {
    send(client, client_frame("42/chat,1[\"" + std::string(event) + "\",{\"channelId\":\"" + channel_of(client) + "\"}]"));
    const std::size_t asked = client - first + 1;
    if (asked >= kJoinWindow) await(acknowledged_, asked - kJoinWindow + 1, "an acknowledgement");
  }
  await(acknowledged_, last - first, "an acknowledgement");
}

void Crowd::await(std::size_t& count, std::size_t wanted, const char* what) {
  const auto end = Clock::now() + kPatience;
  while (count < wanted) {
    if (turn(std::chrono::seconds(5)) && Clock::now() < end) continue;
    throw std::runtime_error(std::string("waited in vain for ") + what);
  }
}

void Crowd::settle() {
  const auto end = Clock::now() + kPatience;
  while (turn(std::chrono::milliseconds(300))) {
    if (Clock::now() > end) throw std::runtime_error("the server does not come to rest");
  }
}

void Crowd::send(std::size_t client, std::string_view frame) {
  if (::send(clients_[client].descriptor, frame.data(), frame.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(frame.size())) {
    throw std::runtime_error("a connection broke while sending");
  }
}

bool Crowd::turn(std::chrono::milliseconds timeout) {
  epoll_event events[256];
  const int count = ::epoll_wait(epoll_, events, 256, static_cast<int>(timeout.count()));
  for (int i = 0; i < count; ++i) receive(static_cast<std::size_t>(events[i].data.u64));
  return count > 0;
}

void Crowd::receive(std::size_t client) {
  Client& self = clients_[client];
  if (self.descriptor < 0) return;
  const ssize_t count = ::recv(self.descriptor, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) throw std::runtime_error("the server closed a connection");
  std::string_view octets(buffer_.data(), static_cast<std::size_t>(count));
  if (self.rest.empty()) {
    octets.remove_prefix(take(client, octets));
    self.rest = octets;
  } else {
    self.rest += octets;
    self.rest.erase(0, take(client, self.rest));
  }
}

std::size_t Crowd::take(std::size_t client, std::string_view octets) {
  std::size_t taken = 0;
  if (!clients_[client].upgraded) {
    const auto end = octets.find("\r\n\r\n");
    if (end == octets.npos) return 0;
    if (!octets.starts_with("HTTP/1.1 101")) throw std::runtime_error("the server refused a WebSocket");
    clients_[client].upgraded = true;
    taken = end + 4;
  }
  while (const auto frame = read_frame(octets.substr(taken))) {
    if (frame->opcode == 8) throw std::runtime_error("the server said goodbye");
    if (frame->opcode == 1) on_text(client, frame->payload);
    taken += frame->size;
  }
  return taken;
}

void Crowd::on_welcome(std::size_t client) {
  ++welcomed_;
  const auto passed = Clock::now() - clients_[client].opened;
  welcomes_us_.push_back(static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(passed).count()));
}

void Crowd::on_text(std::size_t client, std::string_view text) {
  constexpr std::string_view kEvent = "42/chat,[\"";
  ++frames_;
  if (text.starts_with(kEvent)) {
    const std::string_view name = text.substr(kEvent.size());
    const bool typing = name.starts_with("channel:typing") || name.starts_with("channel:stop");
    if (on_relayed_ && (typing || name.starts_with("message:new"))) return on_relayed_(text);
    if (name.starts_with("welcome")) on_welcome(client);
    if (name.starts_with("error")) throw std::runtime_error("the server refused something: " + std::string(text));
  } else if (text.starts_with("43/chat,1[")) {
    ++acknowledged_;
  } else if (text.starts_with("0{")) {
    send(client, client_frame("40/chat,{\"token\":\"" + tokens_[client] + "\"}"));
  } else if (text == "2") {
    static const std::string pong = client_frame("3");
    send(client, pong);
  }
}

}  // namespace atrium::bench
