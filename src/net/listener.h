#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "net/address.h"
#include "net/connection.h"
#include "net/shard_set.h"

namespace atrium::net {

/// Accepts connections, over TCP or at a Unix socket, in the clear or over TLS, on shard 0 and deals them out to the shards in
/// turn. Lives from listen() until its destruction, both before the shards run or after they have ended.
class Listener final {
 public:
  /// Called on the shard that the connection was dealt to.
  using OnAccept = std::function<void(Shard& shard, MovingConnection socket)>;

  /// Binds and listens at once, so that a port in use is told before anything starts; accepts when the shards run.
  /// The error is a sentence for the person who chose the address.
  static Result<std::unique_ptr<Listener>, std::string> listen(ShardSet& shards, const Address& address, OnAccept on_accept);

  ~Listener();

  /// The port that is really listened on; 0 for a Unix socket.
  std::uint16_t port() const { return port_; }
  /// Any thread: accepts no more, and removes the file of a Unix socket.
  void stop();

 private:
  struct Acceptor;
  Listener(ShardSet& shards, std::unique_ptr<Acceptor> acceptor, std::shared_ptr<TlsContext> tls, OnAccept on_accept);
  void wait();
  void accept_all();
  /// On the connection's shard.
  void hand_out(Shard& shard, MovingConnection socket);

  ShardSet& shards_;
  std::unique_ptr<Acceptor> acceptor_;
  const std::uint16_t port_;
  const std::shared_ptr<TlsContext> tls_;
  OnAccept on_accept_;
  std::size_t next_shard_ = 0;
};

}  // namespace atrium::net
