#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/socket_io_server.h"

namespace atrium::test {

/// A client that does about connection state recovery what the official one does: it keeps its private id, and the last
/// argument of every event as the offset when it is a string, and names both when it connects again.
class RecoveringClient final {
 public:
  explicit RecoveringClient(SocketIoServer& server, std::string nsp = "/") : server_(server), nsp_(std::move(nsp)) {}

  /// Connects, for the first time or again, on a connection of its own. Returns the events that came before the answer.
  std::vector<std::string> connect(boost::json::object auth = {}) {
    connection_.emplace(server_.connect());
    if (!pid.empty()) auth["pid"] = pid;
    if (offset) auth["offset"] = *offset;
    connection_->send("0" + prefix() + (auth.empty() ? "" : boost::json::serialize(auth)));
    std::vector<std::string> events;
    for (;;) {
      const std::string packet = connection_->next();
      if (packet.starts_with('2')) {
        events.push_back(read_event(packet));
        continue;
      }
      refusal = packet.starts_with('4') ? packet : "";
      if (!refusal.empty()) return events;
      const auto answer = boost::json::parse(packet.substr(1 + prefix().size()));
      sid = answer.at("sid").as_string();
      recovered = answer.at("pid").as_string() == pid;
      pid = answer.at("pid").as_string();
      return events;
    }
  }

  /// The next event, without its offset.
  std::string next() { return read_event(connection_->next()); }
  /// As it stands on the wire.
  std::string next_packet() { return connection_->next(); }
  void send(const std::string& packet) { connection_->send(packet); }
  SocketIoClient& connection() { return *connection_; }

  /// The connection breaks: the server sees its end.
  void lose() { connection_.reset(); }
  /// The connection is as good as dead, though the server knows nothing of it until the client comes again.
  SocketIoClient leave() {
    SocketIoClient left = std::move(*connection_);
    connection_.reset();
    return left;
  }

  std::string sid;
  std::string pid;
  std::optional<std::string> offset;
  bool recovered = false;
  std::string refusal;  ///< the CONNECT_ERROR packet; empty when there was none

 private:
  std::string prefix() const { return nsp_ == "/" ? "" : nsp_ + ","; }
  std::string read_event(const std::string& packet) {
    if (!packet.starts_with("2" + prefix() + "[")) throw std::runtime_error("no event but " + packet);
    auto event = boost::json::parse(packet.substr(1 + prefix().size())).as_array();
    if (!event.back().is_string()) throw std::runtime_error("no offset in " + packet);
    offset = event.back().as_string();
    event.pop_back();
    return boost::json::serialize(event);
  }

  SocketIoServer& server_;
  const std::string nsp_;
  std::optional<SocketIoClient> connection_;
};

}  // namespace atrium::test
