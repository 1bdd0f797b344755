#pragma once

#include <cstdint>
#include <span>

namespace atrium::net {

class Connection;

/// Why a connection ended.
enum class CloseCause : std::uint8_t {
  by_peer,        ///< the peer closed its side, or reset the connection
  by_us,          ///< close() or abort() was called
  slow_consumer,  ///< the outbox grew past its bound
  network_error,
};

/// What a connection tells whoever speaks on it. Called on the connection's shard.
class Protocol {
 public:
  virtual ~Protocol() = default;

  /// The first call. `connection` outlives this object, or hands it a release (see Connection::become).
  virtual void on_open(Connection& connection) = 0;
  /// Octets arrived. Borrowed for the call, and may be changed in place.
  virtual void on_bytes(std::span<char> bytes) = 0;
  /// All that was sent has gone to the kernel after a time when it could not.
  virtual void on_drained() {}
  /// The last call.
  virtual void on_closed(CloseCause cause) = 0;
};

}  // namespace atrium::net
