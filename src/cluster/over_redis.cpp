#include "cluster/over_redis.h"

#include <stdexcept>

#include "cluster/cluster_adapter.h"
#include "cluster/redis_pubsub_bus.h"
#include "cluster/redis_sharded_bus.h"
#include "cluster/redis_streams_bus.h"

namespace atrium::cluster {

namespace {

std::shared_ptr<Bus> make_bus(net::Shard& shard, const redis::Address& address, const RedisOptions& options) {
  switch (options.mode) {
    case RedisMode::sharded:
      return std::make_shared<RedisShardedBus>(shard, address, options.key, options.on_change);
    case RedisMode::streams:
      return std::make_shared<RedisStreamsBus>(shard, address, options.key, options.on_change);
    default:
      return std::make_shared<RedisPubsubBus>(shard, address, options.key, options.on_change);
  }
}

}  // namespace

decltype(socketio::ServerOptions::adapter) over_redis(RedisOptions options) {
  const auto address = redis::parse_address(options.url);
  if (!address) throw std::invalid_argument(address.error());
  // All namespaces of a server share one bus. The first is made before the server runs.
  const auto bus = std::make_shared<std::shared_ptr<Bus>>();
  return [bus, address = *address, options = std::move(options)](const std::shared_ptr<socketio::NamespaceCore>& core,
                                                                 std::shared_ptr<socketio::LocalAdapter> local) {
    if (!*bus) *bus = make_bus(core->shards[0], address, options);
    return ClusterAdapter::make(*bus, core, std::move(local), {options.patience, options.recovery});
  };
}

}  // namespace atrium::cluster
