#pragma once

namespace atrium::net {

/// How far one step on a non-blocking descriptor came, which says what to do next.
enum class Progress {
  done,        ///< go on at once
  want_read,   ///< go on when the descriptor is readable
  want_write,  ///< go on when it is writable
  ended,       ///< the peer sends no more
  reset,       ///< the peer has gone
  failed,      ///< something else broke: the network, or the peer does not speak TLS as it should
};

}  // namespace atrium::net
