#pragma once

#include <functional>
#include <string>
#include <unordered_map>

#include "cluster/bus.h"
#include "redis/client.h"
#include "redis/subscriber.h"

namespace atrium::cluster {

/// The classic bus over one Redis, of any version: the channels of npm's @socket.io/redis-adapter 8, so that nodes of both
/// kinds are one cluster, and of @socket.io/redis-emitter. With the usual key:
///
///     socket.io#<nsp>#  socket.io#<nsp>#<room>#      events
///     socket.io-request#<nsp>#                       questions and orders
///     socket.io-response#<nsp>#                      answers; also with the id of the node that asked behind it
class RedisPubsubBus final : public Bus {
 public:
  /// Begins by itself once `shard` runs. `on_change` is told on it whether the cluster is within reach.
  RedisPubsubBus(net::Shard& shard, const redis::Address& address, std::string key, std::function<void(bool up)> on_change);

  net::Shard& shard() override { return shard_; }
  const std::string& id() const override { return id_; }
  std::string new_request() override;
  void say(const std::string& nsp, const NodeMessage& message) override;
  void answer(const std::string& nsp, const std::string& to, const NodeAnswer& answer) override;
  void enter(const std::string& nsp, const void* who, Ears ears) override;
  void leave(const std::string& nsp, const void* who) override;
  void count_others(const std::string& nsp, UniqueFunction<void(std::optional<std::size_t>)> told) override;

 private:
  struct Listener {
    const void* who;
    Ears ears;
  };

  void publish(std::string channel, std::string octets);
  void on_published(const std::string& channel, std::string_view octets);
  const Listener* listener_of(std::string_view rest, std::string& nsp) const;
  void look();

  net::Shard& shard_;
  const std::string events_;  ///< with which the names of channels begin
  const std::string requests_;
  const std::string responses_;
  const std::string id_;
  const std::function<void(bool up)> on_change_;
  std::unordered_map<std::string, Listener> listeners_;  ///< by namespace
  bool up_ = false;
  bool subscribed_ = false;
  redis::Client client_;
  redis::Subscriber subscriber_;
};

}  // namespace atrium::cluster
