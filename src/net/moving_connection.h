#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace atrium::net {

class TlsStream;

/// A connection that is on no shard: just accepted, or between two shards. Owns the descriptor until it is opened (again).
/// Any one thread at a time.
struct MovingConnection final {
  int descriptor = -1;
  std::unique_ptr<TlsStream> tls;  ///< over TLS; with it travels what it has read and not yet handed out, or half written
  std::vector<Bytes> unsent;
  std::string unread;  ///< octets that arrived but that no protocol has taken yet

  MovingConnection();
  explicit MovingConnection(int fd);
  MovingConnection(MovingConnection&& other) noexcept;
  MovingConnection& operator=(MovingConnection&&) = delete;
  ~MovingConnection();
};

}  // namespace atrium::net
