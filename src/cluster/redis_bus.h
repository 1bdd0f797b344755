#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "cluster/bus.h"
#include "redis/client.h"
#include "redis/subscriber.h"

namespace atrium::cluster {

/// What the buses over a Redis have in common: one connection that speaks, one that listens, and who listens on this node.
class RedisBus : public Bus {
 public:
  net::Shard& shard() override { return shard_; }
  const std::string& id() const override { return id_; }
  void enter(const std::string& nsp, Ears ears) override;

 protected:
  /// `on_change` is told on `shard` whether the cluster is within reach.
  RedisBus(net::Shard& shard, const redis::Address& address, std::string id, std::function<void(bool up)> on_change);

  /// A namespace has come, or gone.
  virtual void on_enter(const std::string& nsp) = 0;
  virtual void on_leave(const std::string& nsp) = 0;
  virtual void on_published(const std::string& channel, std::string_view octets) = 0;

  /// Any thread: `command` is PUBLISH or SPUBLISH.
  void publish(std::string_view command, std::string channel, std::string octets);
  /// Asks `kind`, NUMSUB or SHARDNUMSUB, who listens to a channel of all nodes, of which we are one.
  void count_by(std::string_view kind, const std::string& channel, UniqueFunction<void(std::optional<std::size_t>)> told);
  /// Who listens on this node to the namespace with which `rest` begins, "#" behind it; `nsp` is its name then.
  const Ears* ears_of(std::string_view rest, std::string& nsp);
  const Ears* ears_of(const std::string& nsp);
  /// Of this node itself the questions alone, as echoes.
  void hear(std::optional<NodeMessage> message, const Ears& ears) const;
  redis::Client& client() { return client_; }
  redis::Subscriber& subscriber() { return subscriber_; }
  /// Another connection that the cluster needs has come, or gone.
  virtual bool complete() const { return true; }
  void look();

 private:
  net::Shard& shard_;
  const std::string id_;
  const std::function<void(bool up)> on_change_;
  std::unordered_map<std::string, Ears> listeners_;  ///< by namespace
  bool up_ = false;
  bool subscribed_ = false;
  redis::Client client_;
  redis::Subscriber subscriber_;
};

}  // namespace atrium::cluster
