#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "base/result.h"

struct ssl_ctx_st;

namespace atrium::net {

class TlsStream;

/// What a server shows of itself in TLS. Files are PEM.
struct TlsOptions {
  std::string certificate;  ///< file: the server's certificate, then those between it and the root
  std::string key;          ///< file: the private key of the first of them, not encrypted
  std::string client_ca;    ///< file: clients must show a certificate that one of these vouches for; empty: they need none
  Duration handshake_timeout = std::chrono::seconds(10);  ///< for a whole handshake
};

/// TLS 1.2 and 1.3 for the server's side: certificate, key and rules, read from files once for all connections of one or more
/// listeners. Shared by the addresses that name it and by whoever reloads it; any thread.
///
///     auto tls = net::TlsContext::load({.certificate = "fullchain.pem", .key = "privkey.pem"});
///     if (!tls) ... tls.error()
///     io.listen({.host = "::", .port = 443, .tls = *tls});
///
/// Ciphers all have forward secrecy; sessions resume by ticket; ALPN (RFC 7301) offers http/1.1; there is no renegotiation.
class TlsContext final {
 public:
  /// The error is a sentence for the person who chose the files.
  static Result<std::shared_ptr<TlsContext>, std::string> load(TlsOptions options);

  /// Reads the files again, for connections that begin from now on; those that are open go on as they are. On error, which is a
  /// sentence as from load(), everything stays as it was. Tickets of before are not taken any more: their holders make one
  /// full handshake. Reads files, so rather not on a shard.
  Result<void, std::string> reload();

  /// The server's side of a connection on `descriptor`, which outlives it, with the files as last loaded.
  std::unique_ptr<TlsStream> begin(int descriptor) const;

 private:
  using Loaded = std::shared_ptr<ssl_ctx_st>;
  TlsContext(TlsOptions options, Loaded loaded);

  const TlsOptions options_;
  mutable std::mutex mutex_;
  Loaded loaded_;  ///< guarded by mutex_, which is held only to copy or replace this pointer
};

}  // namespace atrium::net
