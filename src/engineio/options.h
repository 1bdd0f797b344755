#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/clock.h"
#include "http/content_coding.h"
#include "websocket/deflate.h"

namespace atrium::engineio {

/// The Engine.IO half of the server's options, with the official names and defaults.
struct Options {
  std::string path = "/engine.io/";  ///< compared as a prefix; ends with a slash
  Duration ping_interval = std::chrono::milliseconds(25'000);
  Duration ping_timeout = std::chrono::milliseconds(20'000);
  Duration upgrade_timeout = std::chrono::milliseconds(10'000);  ///< ends the probing connection only
  std::size_t max_payload = 1'000'000;                           ///< octets of one WebSocket message, and of one POST body
  std::size_t max_buffered = 4'194'304;  ///< octets that may wait for one client before it is closed as too slow
  std::size_t max_sessions = 1'000'000;  ///< on each shard; a handshake beyond it is answered 503
  bool polling = true;
  bool websocket = true;
  bool allow_upgrades = true;
  /// Compresses the messages of WebSockets whose clients offer it. Off by default: it costs the shard's time, and where secrets
  /// and what a stranger wrote stand in one message, its size tells of them (as with CRIME).
  std::optional<websocket::DeflateOptions> per_message_deflate;
  /// Compresses what a polling GET takes, as far as its Accept-Encoding allows.
  std::optional<http::CompressionOptions> http_compression = http::CompressionOptions{};
};

}  // namespace atrium::engineio
