#pragma once

#include <functional>
#include <string>

#include "cluster/adapter_bus.h"

namespace atrium::cluster {

/// The bus over the sharded channels of a Redis 7, as createShardedAdapter() of npm's @socket.io/redis-adapter 8 has them in
/// its mode "dynamic", so that nodes of both kinds are one cluster. What is said to one room goes to those nodes alone that
/// have somebody there: by a channel socket.io#<nsp>#<room># of its own.
class RedisShardedBus final : public AdapterBus {
 public:
  RedisShardedBus(net::Shard& shard, const redis::Address& address, const std::string& key,
                  std::function<void(bool up)> on_change);

  void say(const std::string& nsp, const NodeMessage& message) override;
  bool follows_rooms() const override { return true; }
  void on_room(const std::string& nsp, const std::string& room, bool exists) override;
  void confirm_rooms(UniqueFunction<void(bool)> told) override { subscriber().confirm(std::move(told)); }
};

}  // namespace atrium::cluster
