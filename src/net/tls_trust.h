#pragma once

#include <memory>
#include <string>

#include "base/result.h"

struct ssl_ctx_st;
struct x509_store_ctx_st;

namespace atrium::net {

class TlsStream;

/// Files are PEM.
struct TlsTrustOptions {
  std::string ca;  ///< file: only what these certificates vouch for, or are, is trusted; empty: the system's authorities
  std::string
      certificate;  ///< file: what we show to servers that ask for it, then what is between it and the root; empty: none
  std::string key;  ///< file: the private key of the first of them, not encrypted
};

/// The client's side of TLS 1.2 and 1.3: which servers are trusted, and who we are there. A server must show a certificate that
/// an authority vouches for, that is valid now, and that bears the name or the address we asked for (RFC 9525). Read from files
/// once, never changed; any thread.
class TlsTrust final {
 public:
  /// The error is a sentence for the person who chose the files.
  static Result<std::shared_ptr<const TlsTrust>, std::string> load(TlsTrustOptions options);

  /// The client's side of a connection on `descriptor`, which outlives it, to `host`: a name, or a numeric address. This
  /// outlives the handshake.
  std::unique_ptr<TlsStream> begin(int descriptor, const std::string& host) const;

  /// Servers that ask may know who we are.
  bool has_certificate() const { return !options_.certificate.empty(); }

 private:
  explicit TlsTrust(TlsTrustOptions options);
  /// As X509_verify_cert(), and writes down what is wrong.
  static int verify(x509_store_ctx_st* chain, void* trust);
  /// Of a chain that X509_verify_cert() refused.
  std::string describe_problem(x509_store_ctx_st& chain) const;

  const TlsTrustOptions options_;
  const std::shared_ptr<ssl_ctx_st> context_;
};

}  // namespace atrium::net
