#pragma once

#include <memory>
#include <vector>

#include "net/shard_set.h"
#include "socketio/adapter.h"

namespace atrium::socketio {

/// The adapter of one process: its own shard at once, every other one by post, each walking its own index.
class LocalAdapter final : public Adapter {
 public:
  explicit LocalAdapter(net::ShardSet& shards);

  void broadcast(const Audience& audience, engineio::SharedMessagePtr message) override;
  void sockets_join(const Audience& audience, const std::string& room) override;
  void sockets_leave(const Audience& audience, const std::string& room) override;
  void disconnect_sockets(const Audience& audience, Close close) override;
  RoomIndex& rooms(const net::Shard& shard) override { return *rooms_[shard.index()]; }

 private:
  template <class Action>
  void on_every_shard(const Audience& audience, Action action);

  net::ShardSet& shards_;
  std::vector<std::unique_ptr<RoomIndex>> rooms_;  ///< one a shard
};

}  // namespace atrium::socketio
