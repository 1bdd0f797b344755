#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "engineio/options.h"
#include "engineio/session_handler.h"
#include "engineio/session_table.h"
#include "http/handler.h"
#include "net/shard_set.h"

namespace atrium::engineio {

/// The front of Engine.IO: judges every request on its path and brings it to its session, whatever shard it arrived on.
/// Fixed before the shards run, then shared by all of them.
class Engine final : public http::Handler {
 public:
  /// Makes whoever is told of a new session; called on the session's shard.
  using MakeHandler = std::function<std::unique_ptr<SessionHandler>(net::Shard& shard)>;

  Engine(Options options, net::ShardSet& shards, MakeHandler make_handler);

  /// Whether a request for `path` is for this engine.
  bool serves(std::string_view path) const { return path.starts_with(options_.path); }
  void handle(std::shared_ptr<http::Exchange> exchange) override;

  /// On `shard`: ends its sessions with "server shutting down".
  void shut_down(net::Shard& shard);
  /// On `shard`: how many sessions it has.
  std::size_t session_count(const net::Shard& shard) const { return tables_[shard.index()]->size(); }

 private:
  void begin_session(const std::shared_ptr<http::Exchange>& exchange, bool websocket);
  void continue_session(const std::shared_ptr<http::Exchange>& exchange, const std::string& id, bool websocket);

  const Options options_;
  net::ShardSet& shards_;
  const MakeHandler make_handler_;
  std::vector<std::unique_ptr<SessionTable>> tables_;  ///< one a shard, each touched by its own shard only
};

}  // namespace atrium::engineio
