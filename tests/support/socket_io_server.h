#pragma once

#include <boost/json.hpp>
#include <stdexcept>
#include <string>
#include <thread>

#include "socketio/server.h"
#include "tests/support/event_queue.h"
#include "tests/support/websocket_client.h"

namespace atrium::test {

/// A Socket.IO client over one WebSocket: what it says and hears are packets as they stand on the wire, without the digit of
/// Engine.IO. Answers pings.
class SocketIoClient final {
 public:
  explicit SocketIoClient(TcpClient connection) : websocket_(std::move(connection), "/socket.io/?EIO=4&transport=websocket") {
    open_ = websocket_.read_text();
  }

  void send(std::string_view packet) { websocket_.text("4" + std::string(packet)); }
  void send_binary(std::string_view octets) { websocket_.binary(octets); }

  /// The next packet.
  std::string next() {
    for (;;) {
      std::string text = websocket_.read_text();
      if (text == "2") {
        websocket_.text("3");
      } else if (text.starts_with('4')) {
        return text.substr(1);
      } else {
        throw std::runtime_error("no packet but " + text);
      }
    }
  }
  std::string next_binary() { return websocket_.read_binary(); }

  /// Says `packet`, which asks for something, and returns the next that comes.
  std::string ask(std::string_view packet) {
    send(packet);
    return next();
  }
  /// Connects to a namespace; returns the socket's id.
  std::string join(const std::string& nsp = "/", const std::string& auth = {}) {
    const std::string prefix = nsp == "/" ? "0" : "0" + nsp + ",";
    const std::string answer = ask(prefix + auth);
    if (!answer.starts_with(prefix + "{\"sid\"")) throw std::runtime_error("not connected but " + answer);
    return boost::json::parse(answer.substr(prefix.size())).at("sid").as_string().c_str();
  }

  const std::string& open_packet() const { return open_; }
  /// The server says goodbye, and nothing else before.
  bool ended() { return websocket_.ended(); }
  WebSocketClient& websocket() { return websocket_; }

 private:
  WebSocketClient websocket_;
  std::string open_;
};

/// A Socket.IO server on a free port of the loopback, until the end of the test. Set `io` up, then start().
class SocketIoServer final {
 public:
  explicit SocketIoServer(socketio::ServerOptions options = {.shards = 1}) : io(std::move(options)) {}
  ~SocketIoServer() { stop(); }

  void start() {
    port_ = *io.listen({"127.0.0.1", 0});
    thread_ = std::thread([this] { io.run(); });
  }
  void stop() {
    if (!thread_.joinable()) return;
    io.stop();
    thread_.join();
  }

  std::uint16_t port() const { return port_; }
  TcpClient tcp() { return TcpClient(port_); }
  SocketIoClient connect() { return SocketIoClient(tcp()); }

  EventQueue events;
  socketio::Server io;

 private:
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace atrium::test
