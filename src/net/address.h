#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace atrium::net {

class TlsContext;

/// How the kernel finds out that a TCP peer has gone without a word: the machine lost its power, the network its cable. Whole
/// seconds, rounded up; `unacknowledged` counts milliseconds. Zero leaves one to the system. The connection then ends with
/// CloseCause::network_error.
struct DeadPeers {
  /// For how long sent octets may stay without an acknowledgement (TCP_USER_TIMEOUT, RFC 5482), instead of the 15 minutes of
  /// the system. A peer that keeps its receive window shut for so long, by reading nothing, counts as gone too.
  Duration unacknowledged = std::chrono::seconds(30);
  Duration silent = std::chrono::seconds(30);     ///< ask a peer that has been silent for so long (keepalive)
  Duration ask_again = std::chrono::seconds(10);  ///< from one question to the next
  int questions = 3;                              ///< so many without an answer, and it is gone
};

/// With it begins a host that is the path of a socket file.
inline constexpr std::string_view kUnixPrefix = "unix:";

/// Where a Listener listens, and how it speaks there. A plain value:
///
///     {.host = "0.0.0.0", .port = 3000}                 every IPv4 address of the machine
///     {.host = "::", .port = 443, .tls = certificate}   every address, IPv6 and IPv4 at once; TLS only
///     {.host = "unix:/run/atrium.sock"}                 a Unix socket, for a proxy on the same machine
struct Address {
  /// A numeric IPv4 or IPv6 address, "localhost" (127.0.0.1), or "unix:" and the path of a socket file. "::" takes IPv4 peers
  /// too, whatever the system's net.ipv6.bindv6only says; they are told apart by their addresses as usual ("192.0.2.1").
  std::string host = "0.0.0.0";
  std::uint16_t port = 0;                ///< 0: the system chooses a free one; nothing for a Unix socket
  std::shared_ptr<TlsContext> tls = {};  ///< set: every connection begins with a TLS handshake
  unsigned socket_mode = 0660;           ///< of a Unix socket's file: who may write to it may connect
  DeadPeers dead_peers = {};             ///< TCP only
};

}  // namespace atrium::net
