#pragma once

#include <string>

#include "chat/directory.h"
#include "chat/live/viewers.h"
#include "chat/operations/counters.h"
#include "cron/scheduler.h"
#include "http/response.h"
#include "socketio/server.h"
#include "storage/database.h"

namespace atrium::chat {

/// The server's figures, gathered from all shards when somebody asks. Any shard.
class Metrics final {
 public:
  /// `cron_shard`: where the scheduler lives.
  Metrics(socketio::Server& server, const Directory& directory, const Viewers& viewers, const Counters& counters,
          const storage::Database& database, const cron::Scheduler& scheduler, net::Shard& cron_shard);

  /// As Prometheus reads it. Resumes on the shard it was awaited on.
  Task<http::Response> answer() const;

 private:
  struct OfShard {
    std::size_t connections;
    std::size_t sockets;
    std::size_t stats_streams;
    std::size_t activity_streams;
  };

  Task<std::string> collect() const;
  std::string write(const std::vector<OfShard>& shards, const std::vector<cron::JobStatus>& jobs) const;

  socketio::Server& server_;
  const Directory& directory_;
  const Viewers& viewers_;
  const Counters& counters_;
  const storage::Database& database_;
  const cron::Scheduler& scheduler_;
  net::Shard& cron_shard_;
};

}  // namespace atrium::chat
