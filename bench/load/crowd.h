#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::bench {

using Clock = std::chrono::steady_clock;

/// Many Socket.IO clients on one thread and one epoll: client `i` is the user "u0000i" and sits in channel "room<i % rooms>".
/// Where there are several servers, those of a room take turns in connecting to them. Does for each frame as little as it can.
/// Everything that takes too long ends the run with an exception.
class Crowd final {
 public:
  Crowd(std::vector<std::uint16_t> ports, std::vector<std::string> tokens, std::size_t rooms);
  ~Crowd();
  Crowd(const Crowd&) = delete;

  std::size_t size() const { return clients_.size(); }
  std::string channel_of(std::size_t client) const { return "room" + std::to_string(client % rooms_); }
  /// Text frames that came, of any kind.
  std::uint64_t frames() const { return frames_; }
  /// From opening each connection to its welcome, in the order of the welcomes.
  std::vector<std::uint32_t>& welcomes_us() { return welcomes_us_; }

  /// Clients [first, last) connect and authenticate, `window` at a time; each is done when it is welcomed.
  void enter(std::size_t first, std::size_t last, std::size_t window);
  /// Clients [first, last) join their channels, or leave them; all have been acknowledged.
  void join(std::size_t first, std::size_t last);
  void leave(std::size_t first, std::size_t last);
  /// Returns when nothing has come for a while: all that was under way has arrived.
  void settle();
  void disconnect(std::size_t client);

  void send(std::size_t client, std::string_view frame);
  /// Gets every typing and message event that arrives at any client.
  void on_relayed(std::function<void(std::string_view text)> handler) { on_relayed_ = std::move(handler); }
  /// Waits for input once and handles it. False: nothing came in time.
  bool turn(std::chrono::milliseconds timeout);

 private:
  struct Client {
    int descriptor = -1;
    bool upgraded = false;
    Clock::time_point opened{};
    std::string rest;  ///< of a frame that was cut
  };

  void open(std::size_t client);
  void receive(std::size_t client);
  std::size_t take(std::size_t client, std::string_view octets);
  void on_welcome(std::size_t client);
  void on_text(std::size_t client, std::string_view text);
  void ask(std::string_view event, std::size_t first, std::size_t last);
  void await(std::size_t& count, std::size_t wanted, const char* what);

  const std::vector<std::uint16_t> ports_;
  const std::vector<std::string> tokens_;
  const std::size_t rooms_;
  const int epoll_;
  std::vector<Client> clients_;
  std::vector<char> buffer_;
  std::function<void(std::string_view)> on_relayed_;
  std::uint64_t frames_ = 0;
  std::vector<std::uint32_t> welcomes_us_;
  std::size_t welcomed_ = 0;
  std::size_t acknowledged_ = 0;
};

}  // namespace atrium::bench
