#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "net/moving_connection.h"
#include "net/outbox.h"
#include "net/progress.h"
#include "net/protocol.h"
#include "net/shard.h"

namespace atrium::net {

class Stream;

/// One connection: TCP or a Unix socket, in the clear or under TLS. Lives on one shard, which owns it from open() until its
/// protocol has had on_closed(). Writes are gathered: send() only appends, and the shard writes once at the end of the loop
/// turn.
class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  /// Takes over a connected stream socket on the calling shard and gives it to `protocol`: at once, or after the TLS handshake
  /// that is still to be made. When that fails, or takes too long, `protocol` is destroyed without having been called.
  static void open(Shard& shard, MovingConnection socket, std::unique_ptr<Protocol> protocol);

  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void send(Bytes bytes);
  /// Asks: writes what is queued (for kLinger at most), then ends. on_closed() follows at the end of a turn, not before.
  void close();
  /// As close(), for a peer that is still sending: reads on and throws away until it has seen the end (for kLinger at most),
  /// because a socket that is closed with unread octets is reset, which can overtake the last answer.
  void close_draining();
  /// Ends without writing what is queued.
  void abort(CloseCause cause);

  /// Another protocol goes on from here, beginning with `unread`. The old one gets no more calls, not even on_closed(), and
  /// is destroyed at the end of the turn.
  void become(std::unique_ptr<Protocol> next, std::string unread);
  /// Takes the connection off this shard. The protocol gets no more calls and is destroyed at the end of the turn.
  MovingConnection detach(std::string unread);

  /// Octets that the peer has not yet taken.
  std::size_t pending() const { return outbox_.size(); }
  /// False from close() on, and while the kernel refuses more.
  bool writable() const { return state_ == State::open && !blocked_; }
  /// A send() that would leave more than this unwritten ends the connection as a slow consumer. 0: no bound.
  void set_outbox_limit(std::size_t octets) { outbox_limit_ = octets; }
  /// A peer that takes nothing for so long, while something waits for it, ends the connection as a slow consumer too. Zero: no
  /// bound.
  void set_stall_limit(Duration time) { stall_limit_ = time; }
  /// Numeric; "unix" for a peer at a Unix socket.
  std::string peer_address() const;
  /// It came over TLS.
  bool secure() const;
  Shard& shard() { return shard_; }

  static constexpr Duration kLinger = std::chrono::seconds(5);

 private:
  friend class Shard;
  enum class State : std::uint8_t { handshaking, open, closing, draining, closed, detached };

  Connection(Shard& shard, MovingConnection& socket);

  void shake_hands();
  /// The protocol begins, with `unread`.
  void start(std::span<char> unread);
  /// Reads again when `next` comes true.
  void read_when(Progress next);
  void on_readable();
  void wait_writable();
  void watch_stall();
  void wait_drained();
  void drain();
  void flush();
  void mark_dirty();
  /// At the end of a loop turn: writes, ends what is to end, buries replaced protocols.
  void end_turn();
  void finish();

  Shard& shard_;
  std::unique_ptr<Stream> stream_;
  std::unique_ptr<Protocol> protocol_;
  std::vector<std::unique_ptr<Protocol>> replaced_;  ///< may still be on the stack in this turn
  Outbox outbox_;
  std::size_t outbox_limit_ = 0;
  Duration stall_limit_{};
  std::size_t untaken_ = 0;  ///< by the peer, when the watch for a stall last looked
  std::size_t shard_slot_ = 0;
  std::unique_ptr<Deadline> deadline_;  ///< of the handshake, of a stall, of the linger
  State state_ = State::open;
  CloseCause cause_ = CloseCause::by_us;
  bool started_ = false;  ///< the protocol has been called
  bool dirty_ = false;
  bool drain_ = false;    ///< between closing and closed comes draining
  bool blocked_ = false;  ///< the kernel refused more; a wait for writability is under way
};

}  // namespace atrium::net
