#include "admin/data_watch.h"

#include "admin/serialized_socket.h"

namespace atrium::admin {

namespace {

std::size_t digest(const json::object& data) { return std::hash<json::object>{}(visible_data(data)); }

}  // namespace

DataWatch::DataWatch(socketio::Server& server, const Onlookers& onlookers)
    : server_(server), onlookers_(onlookers), known_(server.shards().size()), next_([this] {
        server_.shards()[0].deadlines().arm(next_, kInterval);
        on_every_shard(&DataWatch::compare);
      }) {}

void DataWatch::start() {
  net::Shard& home = server_.shards()[0];
  home.post([this, &home] { home.deadlines().arm(next_, kInterval); });
}

void DataWatch::begin() { on_every_shard(&DataWatch::take_stock); }

void DataWatch::on_every_shard(void (DataWatch::*look)(net::Shard& shard)) {
  for (const auto& shard : server_.shards()) shard->post([this, look, &shard = *shard] { (this->*look)(shard); });
}

void DataWatch::note(const net::Shard& shard, const std::string& socket, const json::object& data) {
  known_[shard.index()][socket] = digest(data);
}

/// `visit(nsp, info)` for every socket of the shard.
template <class Visit>
void DataWatch::each_socket(const net::Shard& shard, Visit visit) const {
  for (const auto& nsp : server_.namespaces()) {
    nsp->core()->adapter->rooms(shard).each(
        {}, [&](socketio::Receiver& socket) { visit(nsp->name(), socket.describe(socketio::Detail::without_handshake)); });
  }
}

void DataWatch::take_stock(net::Shard& shard) {
  Digests& known = known_[shard.index()];
  known.clear();
  each_socket(shard, [&](const std::string&, const socketio::SocketInfo& info) { known[info.id] = digest(info.data); });
}

void DataWatch::compare(net::Shard& shard) {
  Digests& known = known_[shard.index()];
  if (!onlookers_.there()) return known.clear();
  Digests now;
  std::vector<json::object> updates;
  each_socket(shard, [&](const std::string& nsp, const socketio::SocketInfo& info) {
    const std::size_t current = digest(info.data);
    now[info.id] = current;
    const auto before = known.find(info.id);
    if (before == known.end() || before->second == current) return;
    updates.push_back({{"id", info.id}, {"nsp", nsp}, {"data", visible_data(info.data)}});
  });
  known = std::move(now);
  for (const json::object& update : updates) onlookers_.tell("socket_updated", update);
}

}  // namespace atrium::admin
