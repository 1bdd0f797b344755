#pragma once

#include <span>
#include <string>

#include "base/clock.h"
#include "net/outbox.h"
#include "net/progress.h"

struct ssl_st;

namespace atrium::net {

/// One side of TLS on one connection: octets in the clear here, records (RFC 8446, RFC 5246) on the descriptor, which
/// is non-blocking, open, and somebody else's. Waits for nothing itself: each step says what it wants. Stays on its
/// connection's shard, and travels with it: what has arrived and what is half written is inside.
class TlsStream final {
 public:
  /// Made by TlsContext::begin() or TlsTrust::begin(). Takes over `ssl`, which knows its side.
  TlsStream(ssl_st* ssl, int descriptor, Duration handshake_timeout);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  /// Takes the handshake further; done: read() and write() may begin.
  Progress shake_hands();
  bool established() const { return established_; }
  /// Why it came to nothing, for people.
  const std::string& complaint() const { return complaint_; }
  /// How long shake_hands() may take in all, from the first octet on.
  Duration handshake_timeout() const { return handshake_timeout_; }

  struct Received {
    std::size_t count;
    Progress next;  ///< done: `into` was too small for all that is here
  };
  Received read(std::span<char> into);
  /// Octets, or the peer's goodbye, have arrived here already: the descriptor may not become readable for them.
  bool holds_octets() const;

  /// Writes from the front of `outbox`, small pieces together in one record; done: it is empty.
  Progress write(Outbox& outbox);
  /// Sends close_notify, if the kernel takes it: no more will be written.
  void say_goodbye();

  /// The most that one record carries (RFC 8446 5.1).
  static constexpr std::size_t kRecord = 16 * 1024;

 private:
  friend struct TlsDescriptor;
  friend class TlsTrust;
  /// Why the last call came to nothing.
  Progress cause_of(int result);

  ssl_st* const ssl_;
  const int descriptor_;
  bool established_ = false;
  bool reset_ = false;   ///< the descriptor said so
  bool broken_ = false;  ///< OpenSSL gave up: nothing may be written any more, close_notify included
  const Duration handshake_timeout_;
  std::string complaint_;
};

}  // namespace atrium::net
