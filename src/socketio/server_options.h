#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engineio/options.h"
#include "socketio/local_adapter.h"
#include "socketio/namespace_core.h"
#include "socketio/packet_writer.h"
#include "socketio/recovery.h"

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
  Duration max_stall{};              ///< for which a WebSocket client may take nothing of them; zero: any time
  std::size_t max_handshakes = 0;    ///< new connections a second; the others are answered 503 with Retry-After; 0: any
  std::size_t max_attachments = 10;  ///< binary parts of one packet
  bool add_trailing_slash = true;    ///< serve below "path/"; else below "path", with a slash or without
  bool polling = true;
  bool websocket = true;
  bool allow_upgrades = true;
  bool allow_eio3 = false;                                            ///< also clients of Socket.IO 2
  std::optional<websocket::DeflateOptions> per_message_deflate = {};  ///< none: off
  std::optional<http::CompressionOptions> http_compression = http::CompressionOptions{};
  std::optional<engineio::Cors> cors = {};      ///< none: pages of other origins read nothing
  std::optional<engineio::Cookie> cookie = {};  ///< none: no cookie
  /// Origins whose pages may connect, each as "https://a.example:8080"; "*": any. None: the page's own, and those that `cors`
  /// allows. Unlike in the official server this holds for WebSockets too, which know no CORS.
  std::optional<std::vector<std::string>> allowed_origins = {};
  /// Judges handshakes (not the requests that follow, nor upgrades); may answer later, on the same shard.
  std::function<void(const http::Request& request, engineio::Verdict verdict)> allow_request = {};
  std::vector<engineio::Middleware> middleware = {};  ///< for every request on `path`, in this order
  std::optional<std::string> initial_packet = {};     ///< a message that follows the open packet of every session
  /// Makes the ids of sessions; none: random ones. See engineio::Options::generate_id.
  std::function<std::string(const http::Request& request)> generate_id = {};
  engineio::EngineEvents engine_events = {};     ///< connection_error, initial_headers, headers
  engineio::TrafficObserver* traffic = nullptr;  ///< outlives the server
  Parser parser = Parser::json;
  /// Directory of the JavaScript client's files, to be served below `path`: dist/ of npm's socket.io-client. Empty: not served.
  std::string serve_client = {};
  bool cleanup_empty_child_namespaces = false;  ///< of dynamic ones
  std::optional<RecoveryOptions> connection_state_recovery = {};
  SocketLimits limits = {};
  /// Makes each namespace's adapter out of `local`, which reaches the sockets of this process; none: `local` itself. For
  /// several nodes that are to be one: cluster/over_redis.h.
  std::function<std::shared_ptr<Adapter>(const std::shared_ptr<NamespaceCore>& core, std::shared_ptr<LocalAdapter> local)>
      adapter = {};
};

}  // namespace atrium::socketio
