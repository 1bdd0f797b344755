#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "cluster/over_redis.h"
#include "net/address_range.h"

namespace atrium::chat {

/// product: presence, typing and membership as Atrium means them. seed: event for event what the original application does.
enum class Profile { product, seed };

/// How much of everything is let through; 0: all that comes.
struct Limits {
  unsigned events = 120;           ///< of one socket in a minute,
  unsigned burst = 40;             ///< and at once
  unsigned joins = 20;             ///< of one socket in 10 s
  unsigned edits = 10;             ///< of one socket in 10 s: changed and deleted messages
  unsigned statuses = 5;           ///< of one socket in 20 s: changes of its user's status
  unsigned messages = 5;           ///< of one user to one channel in 5 s
  unsigned user_messages = 10;     ///< of one user in a second
  unsigned handshakes = 2'000;     ///< of all in a second
  unsigned sockets_per_user = 20;  ///< and streams on one shard; beyond it the oldest goes
};

/// What the program was asked to be. Checked by parse_command_line(); fixed from start to end.
struct Config {
  std::string host = "0.0.0.0";
  std::uint16_t port = 3000;
  std::string tls_certificate;  ///< file; empty: no TLS
  std::string tls_key;
  unsigned shards = 0;  ///< 0: one for each core
  std::string database = "sqlite:atrium.db";
  std::string redis;  ///< the Redis over which several nodes are one, see redis/address.h; empty: this node is alone
  cluster::RedisMode redis_mode = cluster::RedisMode::classic;
  Duration node_lease = std::chrono::milliseconds(10'000);  ///< a node that is not heard for so long is taken for dead
  std::string jwt_secret;
  std::vector<std::string> jwt_public_keys;             ///< files with keys of other issuers, see load_public_keys()
  std::vector<std::string> jwt_algorithms;              ///< of tokens that are taken; empty: HS256, and what the keys are for
  std::string jwt_issuer;                               ///< of tokens that are not our own; empty: any
  std::string jwt_audience;                             ///< of tokens that are not our own; empty: any
  Duration jwt_leeway = std::chrono::seconds(30);       ///< for clocks that do not agree
  bool accounts = true;                                 ///< people register and sign in here
  std::chrono::seconds access_token_lifetime{15 * 60};  ///< of our own tokens
  std::chrono::seconds refresh_token_lifetime{7 * 86'400};  ///< after its last use a session ends
  bool enforce_token_expiry = false;                        ///< a connection ends with its token, unless it shows a new one
  bool expose_email = false;                                ///< the name that others see is the e-mail address
  std::vector<net::AddressRange> trusted_proxies;           ///< who are believed about where a request came from
  std::vector<std::string> superadmins;                     ///< ids of users
  Profile profile = Profile::product;
  bool demo = false;                         ///< demo users, who sign in by a click, and channels for them
  std::string auto_join = "default";         ///< the workspace that every new user becomes a member of; "off": none
  bool auto_create_channels = false;         ///< joining an unknown channel makes it
  std::string ui;                            ///< the directory of the web page; "off": none
  std::vector<std::string> allowed_origins;  ///< of web pages other than our own that may use the server; "*": any
  Duration ping_interval = std::chrono::milliseconds(20'000);
  Duration ping_timeout = std::chrono::milliseconds(10'000);
  std::size_t max_payload = 1'048'576;                          ///< octets
  Duration presence_grace = std::chrono::milliseconds(10'000);  ///< between a lost connection and "offline"
  Duration presence_away = std::chrono::milliseconds(300'000);  ///< without a sign of life, though connected
  std::optional<Duration> presence_window;  ///< changes within it are told together; none: by how much happens; 0: each at once
  std::size_t presence_full_max = 250;      ///< users of a workspace online at once, of whom everybody hears everything
  Duration typing_ttl = std::chrono::milliseconds(60'000);         ///< of a typing that nobody stops
  Duration typing_ttl_v2 = std::chrono::milliseconds(10'000);      ///< of one that its client refreshes (typing.v2)
  Duration typing_rebroadcast = std::chrono::milliseconds(5'000);  ///< clients of typing.v2 are told that it goes on
  std::size_t typing_large_room = 250;   ///< listeners beyond which only a few who type are shown; 0: never
  std::size_t typing_huge_room = 1'000;  ///< listeners beyond which typing is off; 0: never
  Limits limits;
  std::size_t max_buffered = 1'048'576;                           ///< octets that may wait for one client
  Duration max_stall = std::chrono::milliseconds(2'000);          ///< for which a client may take nothing of them; 0: any time
  Duration recovery_window = std::chrono::milliseconds(120'000);  ///< a lost client may come back so long; zero: never
  Duration limbo = std::chrono::milliseconds(10'000);             ///< for a socket that shows no valid token
  Duration drain = std::chrono::milliseconds(1'000);     ///< between the wish to end and the end, for clients to go elsewhere
  Duration handover = std::chrono::milliseconds(5'000);  ///< after that at most, for other nodes to fetch what these missed
  std::string debug_secret;                              ///< of who may look behind the scenes; empty: nobody
  bool metrics = false;                                  ///< anybody may read the figures for Prometheus
  std::string log_level = "info";

  bool seed() const { return profile == Profile::seed; }
};

}  // namespace atrium::chat
