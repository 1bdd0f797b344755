#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "net/connection.h"
#include "net/shard_set.h"

namespace atrium::net {

struct Address {
  std::string host = "0.0.0.0";  ///< a numeric address, or "localhost"
  std::uint16_t port = 0;        ///< 0: the system chooses a free one
};

/// Accepts TCP connections on shard 0 and deals them out to the shards in turn. Lives from listen() until its destruction,
/// both before the shards run or after they have ended.
class Listener final {
 public:
  /// Called on the shard that the connection was dealt to.
  using OnAccept = std::function<void(Shard& shard, MovingConnection socket)>;

  /// Binds and listens at once, so that a port in use is told before anything starts; accepts when the shards run.
  /// The error is a sentence for the person who chose the address.
  static Result<std::unique_ptr<Listener>, std::string> listen(ShardSet& shards, const Address& address, OnAccept on_accept);

  ~Listener();

  /// The port that is really listened on.
  std::uint16_t port() const;
  /// Any thread: accepts no more.
  void stop();

 private:
  struct Acceptor;
  Listener(ShardSet& shards, std::unique_ptr<Acceptor> acceptor, OnAccept on_accept);
  void wait();
  void accept_all();

  ShardSet& shards_;
  std::unique_ptr<Acceptor> acceptor_;
  OnAccept on_accept_;
  std::size_t next_shard_ = 0;
};

}  // namespace atrium::net
