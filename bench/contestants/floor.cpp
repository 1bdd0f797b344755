// The least that any server must do for the exchanges of the bench: take a frame apart, find the channel, hand a ready frame to
// the kernel for every member. No tokens are checked, no rules kept, nothing is stored, nobody is told who comes or goes.
//   floor each|turn       each: one write for each delivery; turn: one write for each socket and turn of the loop
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

struct Client {
  int descriptor = -1;
  bool upgraded = false;
  bool dirty = false;
  std::string in;
  std::string out;
  std::string user;
  std::string channel;
  std::string typing;  ///< the frames of this user in this channel, ready
  std::string stop;
};

using Members = std::vector<Client*>;

std::string frame(std::string_view text) {
  std::string made(1, static_cast<char>(0x81));
  if (text.size() < 126) {
    made.push_back(static_cast<char>(text.size()));
  } else {
    made.push_back(126);
    made.push_back(static_cast<char>(text.size() >> 8));
    made.push_back(static_cast<char>(text.size()));
  }
  return made.append(text);
}

std::string base64(const unsigned char* octets, int count) {
  std::string text(static_cast<std::size_t>(count) / 3 * 4 + 5, '\0');
  text.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets, count)));
  return text;
}

/// The subject that a token names; nobody checks the signature.
std::string subject_of(std::string_view text) {
  const auto begin = text.find('.') + 1;
  std::string body(text.substr(begin, text.find('.', begin) - begin));
  std::replace(body.begin(), body.end(), '-', '+');
  std::replace(body.begin(), body.end(), '_', '/');
  while (body.size() % 4 != 0) body.push_back('=');
  std::string claims(body.size(), '\0');
  EVP_DecodeBlock(reinterpret_cast<unsigned char*>(claims.data()), reinterpret_cast<const unsigned char*>(body.data()),
                  static_cast<int>(body.size()));
  const auto at = claims.find("\"sub\":\"") + 7;
  return claims.substr(at, claims.find('"', at) - at);
}

std::string_view value_of(std::string_view text, std::string_view key) {
  const auto at = text.find(key);
  if (at == text.npos) return {};
  const auto begin = at + key.size();
  return text.substr(begin, text.find('"', begin) - begin);
}

class Floor {
 public:
  explicit Floor(bool gather) : gather_(gather), epoll_(epoll_create1(0)), listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(listener_, reinterpret_cast<const sockaddr*>(&address), size);
    listen(listener_, 1024);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    watch(listener_, nullptr);
    std::printf("listening on http://localhost:%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
  }

  void run() {
    std::array<epoll_event, 256> events;
    for (;;) {
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        auto* client = static_cast<Client*>(events[static_cast<std::size_t>(i)].data.ptr);
        if (client) {
          read(*client);
        } else {
          accept_one();
        }
      }
      for (Client* client : dirty_) flush(*client);
      dirty_.clear();
    }
  }

 private:
  void watch(int descriptor, Client* client) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = client;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  }

  void accept_one() {
    const int descriptor = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
    if (descriptor < 0) return;
    const int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto* client = new Client;
    client->descriptor = descriptor;
    watch(descriptor, client);
  }

  void read(Client& client) {
    const ssize_t count = recv(client.descriptor, buffer_.data(), buffer_.size(), 0);
    if (count <= 0) return end(client);
    client.in.append(buffer_.data(), static_cast<std::size_t>(count));
    if (!client.upgraded) upgrade(client);
    std::size_t taken = 0;
    while (client.upgraded && take_frame(client, taken)) {
    }
    client.in.erase(0, taken);
  }

  /// Unmasks the frame at `taken` in place and answers it.
  bool take_frame(Client& client, std::size_t& taken) {
    auto* octets = reinterpret_cast<unsigned char*>(client.in.data()) + taken;
    const std::size_t left = client.in.size() - taken;
    if (left < 6) return false;
    std::size_t length = octets[1] & 0x7f;
    std::size_t head = 2;
    if (length == 126) {
      length = static_cast<std::size_t>(octets[2]) << 8 | octets[3];
      head = 4;
    }
    if (left < head + 4 + length) return false;
    const unsigned char* mask = octets + head;
    unsigned char* payload = octets + head + 4;
    for (std::size_t i = 0; i < length; ++i) payload[i] ^= mask[i % 4];
    taken += head + 4 + length;
    if ((octets[0] & 0x0f) == 1) on_text(client, {reinterpret_cast<const char*>(payload), length});
    return true;
  }

  void upgrade(Client& client) {
    if (client.in.find("\r\n\r\n") == client.in.npos) return;
    constexpr std::string_view kHeader = "Sec-WebSocket-Key: ";
    const auto at = client.in.find(kHeader) + kHeader.size();
    const std::string key = client.in.substr(at, client.in.find('\r', at) - at) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[SHA_DIGEST_LENGTH];
    SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest);
    give(client, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
                     base64(digest, sizeof digest) + "\r\n\r\n" +
                     frame("0{\"sid\":\"floor\",\"upgrades\":[],\"pingInterval\":25000,\"pingTimeout\":20000,"
                           "\"maxPayload\":1000000}"));
    client.upgraded = true;
    client.in.clear();
  }

  void on_text(Client& client, std::string_view text) {
    if (text.starts_with("40")) return enter(client, text);
    if (text.starts_with("42/chat,1[")) return change_room(client, text);
    const auto room = rooms_.find(value_of(text, "\"channelId\":\""));
    if (room == rooms_.end()) return;
    if (text.starts_with("42/chat,[\"message")) return relay_message(client, room->second, text);
    const std::string& ready = text.starts_with("42/chat,[\"channel:typing") ? client.typing : client.stop;
    for (Client* member : room->second) {
      if (member != &client) give(*member, ready);
    }
  }

  void enter(Client& client, std::string_view text) {
    client.user = subject_of(text);
    give(client, frame("40/chat,{\"sid\":\"floor\"}") + frame("42/chat,[\"welcome\",{\"userId\":\"" + client.user + "\"}]"));
  }

  void change_room(Client& client, std::string_view text) {
    leave_room(client);
    if (text.starts_with("42/chat,1[\"channel:join")) {
      client.channel = value_of(text, "\"channelId\":\"");
      const auto named = names_.insert({client.channel, std::make_unique<std::string>(client.channel)}).first;
      rooms_[*named->second].push_back(&client);
      const std::string who = "{\"channelId\":\"" + client.channel + "\",\"userId\":\"" + client.user + "\"";
      client.typing = frame("42/chat,[\"channel:typing\"," + who + ",\"userName\":\"" + client.user + "@example.com\"}]");
      client.stop = frame("42/chat,[\"channel:stop_typing\"," + who + "}]");
    }
    give(client, frame("43/chat,1[{\"ok\":true}]"));
  }

  void relay_message(Client& client, const Members& members, std::string_view text) {
    const std::string id = std::to_string(++messages_);
    const std::string ready =
        frame("42/chat,[\"message:new\",{\"messageId\":\"" + std::string(24 - id.size(), '0') + id + "\",\"channelId\":\"" +
              client.channel + "\",\"senderId\":\"" + client.user + "\",\"senderName\":\"" + client.user +
              "@example.com\",\"content\":\"" + std::string(value_of(text, "\"content\":\"")) +
              "\",\"createdAt\":\"2000-01-01T00:00:00.000Z\"}]");
    for (Client* member : members) give(*member, ready);
  }

  void give(Client& client, const std::string& octets) {
    if (!gather_) {
      send(client.descriptor, octets.data(), octets.size(), MSG_NOSIGNAL);
      return;
    }
    client.out += octets;
    if (!std::exchange(client.dirty, true)) dirty_.push_back(&client);
  }

  void flush(Client& client) {
    send(client.descriptor, client.out.data(), client.out.size(), MSG_NOSIGNAL);
    client.out.clear();
    client.dirty = false;
  }

  void leave_room(Client& client) {
    if (const auto room = rooms_.find(client.channel); room != rooms_.end()) std::erase(room->second, &client);
  }

  void end(Client& client) {
    leave_room(client);
    std::erase(dirty_, &client);
    close(client.descriptor);
    delete &client;
  }

  const bool gather_;
  const int epoll_;
  const int listener_;
  std::array<char, 65536> buffer_;
  std::unordered_map<std::string, std::unique_ptr<std::string>> names_;
  std::unordered_map<std::string_view, Members> rooms_;  ///< keys lie in names_
  std::vector<Client*> dirty_;
  std::uint64_t messages_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const auto floor = std::make_unique<Floor>(argc > 1 && std::strcmp(argv[1], "turn") == 0);
  floor->run();
}
