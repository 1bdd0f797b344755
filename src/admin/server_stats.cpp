#include "admin/server_stats.h"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace atrium::admin {

namespace {

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

/// Several processes of a host may be nodes of one cluster, and the page knows them by this.
std::string default_id(const socketio::Server& server, const std::string& host) {
  return server.options().adapter ? host + "#" + std::to_string(::getpid()) : host;
}

}  // namespace

/// What the shards have told so far; the first shard's alone.
struct ServerStats::Gathering {
  std::vector<std::shared_ptr<socketio::Namespace>> namespaces;
  std::size_t shards_left;
  std::vector<std::size_t> socket_counts;  ///< one a namespace
  EventsBySecond events;
  std::size_t clients = 0;
  std::size_t polling_clients = 0;
};

ServerStats::ServerStats(socketio::Server& server, Traffic& traffic, Onlookers& onlookers, std::string server_id)
    : server_(server),
      traffic_(traffic),
      onlookers_(onlookers),
      host_(host_name()),
      server_id_(server_id.empty() ? default_id(server, host_) : std::move(server_id)),
      since_(server.clock().now()),
      next_([this] {
        onlookers_.count();
        ask();
      }) {}

void ServerStats::start() {
  server_.shards()[0].post([this] { ask(); });
}

void ServerStats::ask() {
  net::Shard& home = server_.shards()[0];
  home.deadlines().arm(next_, kInterval);
  auto gathering = std::make_shared<Gathering>();
  gathering->namespaces = server_.namespaces();
  std::ranges::sort(gathering->namespaces, {}, [](const auto& nsp) -> const std::string& { return nsp->name(); });
  gathering->shards_left = server_.shards().size();
  gathering->socket_counts.resize(gathering->namespaces.size());
  for (const auto& shard : server_.shards()) {
    shard->post([this, gathering, &home, &shard = *shard, namespaces = gathering->namespaces] {
      std::vector<std::size_t> counts;
      for (const auto& nsp : namespaces) counts.push_back(nsp->core()->adapter->rooms(shard).size());
      home.post([this, gathering, counts = std::move(counts), events = traffic_.take_events(shard),
                 clients = server_.client_count(shard), polling = traffic_.polling_clients(shard)] {
        for (std::size_t i = 0; i < counts.size(); ++i) gathering->socket_counts[i] += counts[i];
        gathering->events.add(events);
        gathering->clients += clients;
        gathering->polling_clients += polling;
        if (--gathering->shards_left == 0) tell(*gathering);
      });
    });
  }
}

void ServerStats::tell(const Gathering& gathering) const {
  json::array namespaces;
  for (std::size_t i = 0; i < gathering.namespaces.size(); ++i) {
    namespaces.push_back(json::object{{"name", gathering.namespaces[i]->name()}, {"socketsCount", gathering.socket_counts[i]}});
  }
  const std::chrono::duration<double> uptime = server_.clock().now() - since_;
  onlookers_.tell("server_stats", json::object{{"serverId", server_id_},
                                               {"hostname", host_},
                                               {"pid", ::getpid()},
                                               {"uptime", uptime.count()},
                                               {"clientsCount", gathering.clients},
                                               {"pollingClientsCount", gathering.polling_clients},
                                               {"aggregatedEvents", gathering.events.to_json()},
                                               {"namespaces", std::move(namespaces)}});
}

}  // namespace atrium::admin
