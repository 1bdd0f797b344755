#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "admin/onlookers.h"
#include "net/deadline_queue.h"
#include "socketio/server.h"

namespace atrium::admin {

/// Says `socket_updated` when the `data` of a socket is no longer what it was. C++ has no way to be told of that, so every
/// shard compares what its sockets have, twice a second, while somebody looks on.
class DataWatch final {
 public:
  static constexpr Duration kInterval = std::chrono::milliseconds(500);

  /// Both outlive it.
  DataWatch(socketio::Server& server, const Onlookers& onlookers);

  /// Before the server starts: begins with it.
  void start();
  /// The first onlooker is there: what the sockets have now is what they will be compared with.
  void begin();
  /// On its shard: the onlookers know of this socket, with this data.
  void note(const net::Shard& shard, const std::string& socket, const json::object& data);

 private:
  using Digests = std::unordered_map<std::string, std::size_t>;  ///< of the data, by the socket's id

  void on_every_shard(void (DataWatch::*look)(net::Shard& shard));
  void take_stock(net::Shard& shard);
  void compare(net::Shard& shard);
  template <class Visit>
  void each_socket(const net::Shard& shard, Visit visit) const;

  socketio::Server& server_;
  const Onlookers& onlookers_;
  std::vector<Digests> known_;  ///< one a shard, touched by it alone
  net::Deadline next_;
};

}  // namespace atrium::admin
