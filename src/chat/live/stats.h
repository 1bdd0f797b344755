#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "chat/presence/presence.h"
#include "web/sse_stream.h"

namespace atrium::chat {

/// Live figures of workspaces, as server-sent events: at once, when they change (at most once a second), and every ten
/// seconds. The presence's owner shard makes one sample for all viewers; each shard hands it to its own.
class Stats final {
 public:
  Stats(const Stage& stage, Presence& presence);

  /// On the viewer's shard. Keeps the stream until it closes.
  Task<void> watch(storage::WorkspaceId workspace, std::unique_ptr<web::SseStream> stream);

  static constexpr Duration kInterval = std::chrono::seconds(10);
  static constexpr Duration kMinGap = std::chrono::seconds(1);

 private:
  struct Viewer {
    storage::WorkspaceId workspace;
    std::unique_ptr<web::SseStream> stream;
  };
  /// One shard's viewers.
  using Viewers = std::unordered_map<std::uint64_t, Viewer>;
  /// A workspace that somebody watches, on the owner shard.
  struct Watched {
    explicit Watched(UniqueFunction<void()> on_due) : next(std::move(on_due)) {}
    std::size_t viewers = 0;
    TimePoint last{};
    net::Deadline next;
  };

  void begin(const storage::WorkspaceId& workspace);
  void end(const storage::WorkspaceId& workspace);
  void on_change(const storage::WorkspaceId& workspace);
  /// By value: the last viewer, who may go meanwhile, takes the deadline that called this along.
  void publish(storage::WorkspaceId workspace);
  std::string sample(const storage::WorkspaceId& workspace) const;

  const Stage& stage_;
  Presence& presence_;
  std::vector<Viewers> viewers_;                                      ///< one table a shard, touched by that shard only
  std::map<storage::WorkspaceId, std::unique_ptr<Watched>> watched_;  ///< on the owner shard
  std::uint64_t samples_ = 0;                                         ///< on the owner shard
  std::vector<std::uint64_t> next_viewer_;                            ///< one a shard
};

}  // namespace atrium::chat
