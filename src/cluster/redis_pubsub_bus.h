#pragma once

#include <functional>
#include <string>

#include "cluster/redis_bus.h"

namespace atrium::cluster {

/// The classic bus over one Redis, of any version: the channels of npm's @socket.io/redis-adapter 8, so that nodes of both
/// kinds are one cluster, and of @socket.io/redis-emitter. With the usual key:
///
///     socket.io#<nsp>#  socket.io#<nsp>#<room>#      events
///     socket.io-request#<nsp>#                       questions and orders
///     socket.io-response#<nsp>#                      answers; also with the id of the node that asked behind it
class RedisPubsubBus final : public RedisBus {
 public:
  /// Begins by itself once `shard` runs. `on_change` is told on it whether the cluster is within reach.
  RedisPubsubBus(net::Shard& shard, const redis::Address& address, const std::string& key,
                 std::function<void(bool up)> on_change);

  std::string new_request() override;
  void say(const std::string& nsp, const NodeMessage& message) override;
  void answer(const std::string& nsp, const std::string& to, const NodeAnswer& answer) override;
  void count_others(const std::string& nsp, UniqueFunction<void(std::optional<std::size_t>)> told) override;

 private:
  void on_enter(const std::string& nsp) override;
  void on_leave(const std::string& nsp) override;
  void on_published(const std::string& channel, std::string_view octets) override;

  // With which the names of channels begin.
  const std::string events_;
  const std::string requests_;
  const std::string responses_;
};

}  // namespace atrium::cluster
