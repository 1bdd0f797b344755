#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"

namespace atrium::chat {

/// product: presence, typing and membership as Atrium means them. seed: event for event what the original application does.
enum class Profile { product, seed };

/// What the program was asked to be. Checked by parse_command_line(); fixed from start to end.
struct Config {
  std::string host = "0.0.0.0";
  std::uint16_t port = 3000;
  std::string tls_certificate;  ///< file; empty: no TLS
  std::string tls_key;
  unsigned shards = 0;  ///< 0: one for each core
  std::string database = "sqlite:atrium.db";
  std::string jwt_secret;
  Profile profile = Profile::product;
  bool demo = false;                         ///< demo users, who sign in by a click, and channels for them
  std::string auto_join = "default";         ///< the workspace that every new user becomes a member of; "off": none
  bool auto_create_channels = false;         ///< joining an unknown channel makes it
  std::string ui;                            ///< the directory of the web page; "off": none
  std::vector<std::string> allowed_origins;  ///< of web pages other than our own that may use the server; "*": any
  Duration ping_interval = std::chrono::milliseconds(20'000);
  Duration ping_timeout = std::chrono::milliseconds(10'000);
  std::size_t max_payload = 1'048'576;                            ///< octets
  Duration presence_grace = std::chrono::milliseconds(10'000);    ///< between a lost connection and "offline"
  Duration typing_ttl = std::chrono::milliseconds(60'000);        ///< of a typing that nobody stops
  Duration recovery_window = std::chrono::milliseconds(120'000);  ///< a lost client may come back so long; zero: never
  Duration limbo = std::chrono::milliseconds(10'000);             ///< for a socket that shows no valid token
  Duration drain = std::chrono::milliseconds(1'000);  ///< between the wish to end and the end, for clients to go elsewhere
  std::string debug_secret;                           ///< of who may look behind the scenes; empty: nobody
  bool metrics = false;                               ///< anybody may read the figures for Prometheus
  std::string log_level = "info";

  bool seed() const { return profile == Profile::seed; }
};

}  // namespace atrium::chat
