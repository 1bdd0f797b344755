#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engineio/options.h"
#include "engineio/session_handler.h"
#include "engineio/session_table.h"
#include "engineio/visit.h"
#include "http/handler.h"
#include "net/shard_set.h"

namespace atrium::engineio {

/// The front of Engine.IO: judges every request on its path and brings it to its session, whatever shard it arrived on.
/// Fixed before the shards run, then shared by all of them.
class Engine final : public http::Handler {
 public:
  /// Makes whoever is told of a new session; called on the session's shard.
  using MakeHandler = std::function<std::unique_ptr<SessionHandler>(net::Shard& shard)>;

  /// Throws std::invalid_argument when the options make no sense; see check(). `shards` outlives it.
  Engine(Options options, net::ShardSet& shards, MakeHandler make_handler);

  /// Whether a request for `path` is for this engine.
  bool serves(std::string_view path) const { return path.starts_with(path_); }
  void handle(std::shared_ptr<http::Exchange> exchange) override;

  /// On `shard`: ends its sessions with "server shutting down".
  void shut_down(net::Shard& shard);
  /// On `shard`: how many sessions it has.
  std::size_t session_count(const net::Shard& shard) const { return tables_[shard.index()]->size(); }

 private:
  using VisitPtr = std::shared_ptr<Visit>;

  void pass_middleware(const VisitPtr& visit, std::size_t next);
  void judge(const VisitPtr& visit);
  void judge_handshake(const VisitPtr& visit, bool websocket);
  void ask_application(const VisitPtr& visit, bool websocket);
  void begin_session(const VisitPtr& visit, bool websocket);
  /// By the application; none when it has none to give.
  std::optional<std::string> generate_id(const http::Request& request) const;
  void open_session(const VisitPtr& visit, std::string id, bool websocket);
  void continue_session(const VisitPtr& visit, const std::string& id, bool websocket);
  /// The shard on which the session of that id is, if there is one; null when there can be none.
  net::Shard* home_of(std::string_view id) const;

  const Options options_;
  const std::string path_;
  net::ShardSet& shards_;
  const MakeHandler make_handler_;
  std::vector<std::unique_ptr<SessionTable>> tables_;  ///< one a shard, each touched by its own shard only
};

}  // namespace atrium::engineio
