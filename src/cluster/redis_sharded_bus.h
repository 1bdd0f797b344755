#pragma once

#include <functional>
#include <string>

#include "cluster/redis_bus.h"

namespace atrium::cluster {

/// The bus over the sharded channels of a Redis 7, as createShardedAdapter() of npm's @socket.io/redis-adapter 8 has them in
/// its mode "dynamic", so that nodes of both kinds are one cluster. What is said to one room goes to those nodes alone that
/// have somebody there. With the usual key:
///
///     socket.io#<nsp>#           what concerns all, and questions
///     socket.io#<nsp>#<room>#    events for one room
///     socket.io#<nsp>#<id>#      answers to the node of that id
class RedisShardedBus final : public RedisBus {
 public:
  RedisShardedBus(net::Shard& shard, const redis::Address& address, const std::string& key,
                  std::function<void(bool up)> on_change);

  std::string new_request() override;
  void say(const std::string& nsp, const NodeMessage& message) override;
  void answer(const std::string& nsp, const std::string& to, const NodeAnswer& answer) override;
  void count_others(const std::string& nsp, UniqueFunction<void(std::optional<std::size_t>)> told) override;
  bool follows_rooms() const override { return true; }
  void on_room(const std::string& nsp, const std::string& room, bool exists) override;

 private:
  void on_enter(const std::string& nsp) override;
  void on_leave(const std::string& nsp) override;
  void on_published(const std::string& channel, std::string_view octets) override;
  std::string channel_of(const std::string& nsp, std::string_view part = {}) const;

  const std::string prefix_;
};

}  // namespace atrium::cluster
