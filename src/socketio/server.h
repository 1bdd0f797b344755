#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "engineio/engine.h"
#include "http/handler.h"
#include "http/http_connection.h"
#include "net/listener.h"
#include "net/shard_set.h"
#include "socketio/connection.h"
#include "socketio/namespace.h"

namespace atrium::socketio {

/// The server's options, with the official names and defaults where there are such.
struct ServerOptions {
  std::string path = "/socket.io";  ///< where clients connect; requests below it never reach the HTTP handler
  unsigned shards = 0;              ///< threads that serve; 0: one for each core
  Duration ping_interval = std::chrono::milliseconds(25'000);
  Duration ping_timeout = std::chrono::milliseconds(20'000);
  Duration upgrade_timeout = std::chrono::milliseconds(10'000);
  Duration connect_timeout = std::chrono::milliseconds(45'000);  ///< to join a first namespace
  std::size_t max_payload = 1'000'000;                           ///< octets of one message, and of one HTTP body
  std::size_t max_buffered = 4'194'304;                          ///< octets that may wait for one client
  std::size_t max_attachments = 10;                              ///< binary parts of one packet
  bool polling = true;
  bool websocket = true;
  bool allow_upgrades = true;
};

/// START READING HERE. A Socket.IO 5 server (Engine.IO 4 below it):
///
///     Server io({.path = "/socket.io"});
///     io.of("/").on_connection([](Socket& socket) { socket.emit("hello", "world"); });
///     if (auto error = io.listen({"0.0.0.0", 3000})) ...
///     io.run();
///
/// Namespaces and handlers are set up first; run() then serves on one thread a shard, and every handler runs on the shard of
/// its socket. Owns everything that serves.
class Server final : public http::Handler {
 public:
  explicit Server(ServerOptions options = {});
  ~Server() override;

  /// The namespace of that name, made when there is none. Before run().
  Namespace& of(std::string name);

  /// Who answers requests outside of `path`; without one they get 404. Before run(); outlives the server's run.
  void serve_http(http::Handler& handler) { http_ = &handler; }

  /// Binds and listens; several calls add several addresses. The error is a sentence for the person who chose the address.
  Result<std::uint16_t, std::string> listen(const net::Address& address);

  /// Serves until stop(); the calling thread becomes the first shard.
  void run();
  /// Any thread. Disconnects everyone ("server shutting down"), then ends run().
  void stop();

  net::ShardSet& shards() { return shards_; }
  const Clock& clock() const { return clock_; }
  /// How many clients are connected to `shard`; on that shard.
  std::size_t client_count(const net::Shard& shard) const { return engine_.session_count(shard); }

  void handle(std::shared_ptr<http::Exchange> exchange) override;

 private:
  const ServerOptions options_;
  SystemClock clock_;
  net::ShardSet shards_;
  std::unordered_map<std::string, std::unique_ptr<Namespace>> namespaces_;
  const Connection::FindNamespace find_namespace_;
  http::Handler* http_ = nullptr;
  engineio::Engine engine_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;
};

}  // namespace atrium::socketio
