#include "chat/operations/node_routes.h"

#include "net/hop.h"

namespace atrium::chat {

Task<web::Ok<std::vector<shapes::Node>>> NodeRoutes::list(const Operator&) const {
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(shard_);
  std::vector<shapes::Node> list;
  for (const Peers::Node& node : peers_.nodes()) {
    shapes::Node shape{.id = node.id.value,
                       .name = node.load.name,
                       .self = !node.heard_ago,
                       .uptimeSeconds = node.load.uptime,
                       .users = node.load.users,
                       .sockets = node.load.sockets,
                       .cores = node.load.cores,
                       .heardAgoMs = {}};
    if (node.heard_ago) {
      const auto ago = std::chrono::duration_cast<std::chrono::milliseconds>(*node.heard_ago);
      shape.heardAgoMs.emplace(static_cast<std::uint64_t>(ago.count()));
    }
    list.push_back(std::move(shape));
  }
  co_await net::hop_to(origin);
  co_return web::ok(std::move(list));
}

}  // namespace atrium::chat
