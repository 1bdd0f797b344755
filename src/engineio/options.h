#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engineio/cookie.h"
#include "engineio/cors.h"
#include "engineio/engine_events.h"
#include "engineio/middleware.h"
#include "http/content_coding.h"
#include "http/request.h"
#include "websocket/deflate.h"

namespace atrium::engineio {

class TrafficObserver;

/// Admits a handshake with none, or refuses it (403, code 4) with words; empty words stand for "Forbidden". Once, now or later
/// on the same shard. The peer may have gone meanwhile.
using Verdict = std::function<void(std::optional<std::string> refusal)>;

/// The Engine.IO half of the server's options, with the official names and defaults. Functions are called on the shard of the
/// request, from all shards at once.
struct Options {
  std::string path = "/engine.io/";  ///< compared as a prefix; see add_trailing_slash
  Duration ping_interval = std::chrono::milliseconds(25'000);
  Duration ping_timeout = std::chrono::milliseconds(20'000);
  Duration upgrade_timeout = std::chrono::milliseconds(10'000);  ///< ends the probing connection only
  std::size_t max_payload = 1'000'000;                           ///< octets of one WebSocket message, and of one POST body
  std::size_t max_buffered = 4'194'304;  ///< octets that may wait for one client before it is closed as too slow
  Duration max_stall{};                  ///< for which a WebSocket client may take nothing of what waits for it; zero: any time
  std::size_t max_sessions = 1'000'000;  ///< on each shard; a handshake beyond it is answered 503
  /// New sessions a second, on all shards together, a second's worth of them at once; a handshake beyond it is answered 503 with
  /// Retry-After. 0: as many as come. So that those who are here stay well served when everybody comes back at once.
  std::size_t max_handshakes = 0;
  bool polling = true;
  bool websocket = true;
  bool allow_upgrades = true;

  /// Compresses the messages of WebSockets whose clients offer it. Off by default: it costs the shard's time, and where secrets
  /// and what a stranger wrote stand in one message, its size tells of them (as with CRIME).
  std::optional<websocket::DeflateOptions> per_message_deflate = {};
  /// Compresses what a polling GET takes, as far as its Accept-Encoding allows.
  std::optional<http::CompressionOptions> http_compression = http::CompressionOptions{};
  bool add_trailing_slash = true;  ///< serve below "path/"; else below "path", with a slash or without
  bool allow_eio3 = false;         ///< also speak revision 3, to clients of Socket.IO 2 (without JSONP)
  /// Judges handshakes, after everything else that costs less; not the requests that follow, nor upgrades.
  std::function<void(const http::Request& request, Verdict verdict)> allow_request = {};
  std::vector<Middleware> middleware = {};  ///< in this order, after `cors`
  std::optional<Cookie> cookie = {};        ///< none: no cookie
  std::optional<Cors> cors = {};            ///< none: pages of other origins read nothing
  /// Origins whose pages may open a session or a WebSocket, each as "https://a.example:8080"; "*": any. None: the page's own,
  /// and those that `cors` allows. A request without an Origin header comes from no browser and is not held back.
  std::optional<std::vector<std::string>> allowed_origins = {};
  std::optional<std::string> initial_packet = {};  ///< a message of text that follows the open packet of every session
  /// Makes the id of a session; none: random ones. An id must be no one else's and hard to guess, for it is all that a client
  /// shows. A random id names its shard; one of the application's own says nothing of it, so the session lives on the shard
  /// that a hash of the id gives, and the handshake moves there first. An exception, an empty id and one that is in use refuse
  /// the handshake (400, code 3).
  std::function<std::string(const http::Request& request)> generate_id = {};
  EngineEvents events = {};
  TrafficObserver* observer = nullptr;  ///< outlives the engine
};

/// The path prefix that is served, by `path` and `add_trailing_slash`.
std::string served_path(const Options& options);

/// Throws std::invalid_argument, in words that say how to mend it, when the options make no sense.
void check(const Options& options);

}  // namespace atrium::engineio
