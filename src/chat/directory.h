#pragma once

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/random_id.h"
#include "net/shard_set.h"
#include "socketio/socket.h"

namespace atrium::chat {

/// The authenticated sockets, found by id from any shard: the id tells the shard, the shard's own table has the socket.
class Directory final {
 public:
  explicit Directory(net::ShardSet& shards) : shards_(shards), tables_(shards.size()) {}

  // On the socket's shard.
  void add(socketio::Socket& socket) { tables_[socket.shard().index()].emplace(socket.id(), &socket); }
  void remove(socketio::Socket& socket) { tables_[socket.shard().index()].erase(socket.id()); }

  /// Any shard: runs `action(Socket&)` where that socket lives, unless it has gone. In the order of asking.
  template <class Action>
  void tell(const std::string& id, Action action) {
    const auto home = first_octet_of(id);
    if (!home || *home >= shards_.size()) return;
    auto& table = tables_[*home];
    shards_[*home].dispatch([&table, id, action = std::move(action)] {
      if (const auto found = table.find(id); found != table.end()) action(*found->second);
    });
  }

  /// The sockets of `shard`, on that shard.
  const std::unordered_map<std::string, socketio::Socket*>& on(const net::Shard& shard) const { return tables_[shard.index()]; }

 private:
  net::ShardSet& shards_;
  std::vector<std::unordered_map<std::string, socketio::Socket*>> tables_;  ///< one a shard
};

}  // namespace atrium::chat
