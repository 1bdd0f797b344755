#include "cluster/over_redis.h"

#include <stdexcept>

#include "cluster/cluster_adapter.h"
#include "cluster/redis_pubsub_bus.h"

namespace atrium::cluster {

decltype(socketio::ServerOptions::adapter) over_redis(RedisOptions options) {
  const auto address = redis::parse_address(options.url);
  if (!address) throw std::invalid_argument(address.error());
  // All namespaces of a server share one bus. The first is made before the server runs.
  const auto bus = std::make_shared<std::shared_ptr<Bus>>();
  return [bus, address = *address, options = std::move(options)](const std::shared_ptr<socketio::NamespaceCore>& core,
                                                                 std::shared_ptr<socketio::LocalAdapter> local) {
    if (!*bus) *bus = std::make_shared<RedisPubsubBus>(core->shards[0], address, options.key, options.on_change);
    return ClusterAdapter::make(*bus, core, std::move(local), options.patience);
  };
}

}  // namespace atrium::cluster
