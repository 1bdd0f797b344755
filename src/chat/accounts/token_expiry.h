#pragma once

#include <optional>

#include "chat/config.h"
#include "chat/visitor.h"

namespace atrium::chat {

/// Follows the token of a connection to its end, with --enforce-token-expiry; else a connection is trusted for its lifetime. A
/// client that can show a new one is told a minute before; from the end on it may do nothing else; then it is put out. On the
/// socket's shard.
class TokenExpiry final {
 public:
  static constexpr Duration kWarning = std::chrono::seconds(60);
  static constexpr Duration kGrace = std::chrono::seconds(25);

  explicit TokenExpiry(const Config& config) : config_(config) {}

  /// The socket has shown a token that is good until then, or for ever. An earlier one counts no more.
  void watch(socketio::Socket& socket, std::optional<WallTime> expires_at) const;

 private:
  const Config& config_;
};

}  // namespace atrium::chat
