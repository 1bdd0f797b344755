#pragma once

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "chat/socket_ref.h"
#include "net/shard_set.h"

namespace atrium::chat {

/// The authenticated sockets, found from any shard.
class Directory final {
 public:
  explicit Directory(net::ShardSet& shards) : shards_(shards), tables_(shards.size()) {}

  // On the socket's shard.
  void add(socketio::Socket& socket) { tables_[socket.shard().index()].emplace(socket.id(), &socket); }
  void remove(socketio::Socket& socket) { tables_[socket.shard().index()].erase(socket.id()); }

  /// Any shard: runs `action(Socket&)` where that socket lives, unless it has gone. In the order of asking.
  template <class Action>
  void tell(const SocketRef& socket, Action action) {
    auto& table = tables_[socket.shard];
    shards_[socket.shard].dispatch([&table, id = socket.id, action = std::move(action)] {
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
