#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/unique_function.h"
#include "net/protocol.h"
#include "net/shard.h"

namespace atrium::net {

class TlsTrust;

/// Where a connection of ours goes. A plain value.
struct Destination {
  std::string host;                          ///< a name, a numeric address, or "unix:" and the path of a socket
  std::uint16_t port = 0;                    ///< nothing for a Unix socket
  std::shared_ptr<const TlsTrust> tls = {};  ///< set: over TLS, to a server that shows a certificate for `host`; TCP only
};

/// Connects to the first address of `to` that answers, on `shard`, which is the calling one, and makes the TLS handshake where
/// one is wanted. Then `protocol` begins; or, at the latest after `patience`, it is destroyed and `failed` gets a reason to be
/// read by people. Not a word of either once the shard has ended.
void connect(Shard& shard, const Destination& to, Duration patience, std::unique_ptr<Protocol> protocol,
             UniqueFunction<void(std::string why)> failed);

}  // namespace atrium::net
