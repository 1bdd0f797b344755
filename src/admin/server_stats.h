#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "admin/onlookers.h"
#include "admin/traffic.h"
#include "net/deadline_queue.h"
#include "socketio/server.h"

namespace atrium::admin {

/// Says `server_stats` every two seconds: what all shards have counted, gathered on the first one.
class ServerStats final {
 public:
  static constexpr Duration kInterval = std::chrono::milliseconds(2000);

  /// All but `server_id` outlive it. `server_id`: see Options.
  ServerStats(socketio::Server& server, Traffic& traffic, Onlookers& onlookers, std::string server_id);

  /// Before the server starts: begins with it. Onlookers are counted from the second time on: a node that has just started
  /// hears nobody yet.
  void start();

 private:
  struct Gathering;

  void ask();
  void tell(const Gathering& gathering) const;

  socketio::Server& server_;
  Traffic& traffic_;
  Onlookers& onlookers_;
  const std::string host_;
  const std::string server_id_;
  const TimePoint since_;
  net::Deadline next_;
};

}  // namespace atrium::admin
