#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "net/connection.h"
#include "tests/support/event_queue.h"

namespace atrium::test {

/// A protocol that tells the test what its connection told it; what it does about octets is up to the test.
class ConnectionRecorder final : public net::Protocol {
 public:
  using OnBytes = std::function<void(net::Connection&, std::string_view)>;
  explicit ConnectionRecorder(EventQueue& events, OnBytes on_bytes = {}, std::string name = "")
      : events_(events), on_bytes_(std::move(on_bytes)), name_(std::move(name)) {}

  void on_open(net::Connection& connection) override {
    connection_ = &connection;
    events_.push(name_ + "open");
  }
  void on_bytes(std::span<char> bytes) override {
    if (on_bytes_) {
      on_bytes_(*connection_, {bytes.data(), bytes.size()});
    } else {
      events_.push(name_ + std::string(bytes.data(), bytes.size()));
    }
  }
  void on_drained() override { events_.push(name_ + "drained"); }
  void on_closed(net::CloseCause cause) override { events_.push(name_ + "closed " + std::string(words_of(cause))); }

 private:
  static std::string_view words_of(net::CloseCause cause) {
    constexpr std::array<std::string_view, 4> kWords{"by peer", "by us", "slow consumer", "network error"};
    return kWords[static_cast<std::size_t>(cause)];
  }

  EventQueue& events_;
  OnBytes on_bytes_;
  std::string name_;
  net::Connection* connection_ = nullptr;
};

/// Sends back what came.
inline void echo(net::Connection& connection, std::string_view octets) { connection.send(Bytes::copy_of(octets)); }

/// So many megabytes, not all of them alike.
inline std::string much(std::size_t megabytes) {
  std::string octets(megabytes * 1024 * 1024, 'x');
  for (std::size_t i = 0; i < octets.size(); i += 1000) octets[i] = static_cast<char>('a' + i / 1000 % 26);
  return octets;
}

}  // namespace atrium::test
