#pragma once

#include <map>
#include <memory>
#include <string>

#include "chat/live/activity.h"
#include "chat/live/viewers.h"
#include "chat/nodes/peers.h"
#include "chat/presence/presence.h"

namespace atrium::chat {

/// Live figures of workspaces, as server-sent events: at once, when they change (at most once a second), and every ten
/// seconds. The presence's owner shard makes one sample for all viewers; each shard hands it to its own.
class Stats final {
 public:
  Stats(Presence& presence, Activity& activity, Viewers& viewers, Peers& peers);

  /// On the viewer's shard.
  Task<void> watch(Viewer viewer);

  static constexpr Duration kInterval = std::chrono::seconds(10);
  static constexpr Duration kMinGap = std::chrono::seconds(1);

 private:
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
  /// As it stands on the wire.
  std::string sample(const storage::WorkspaceId& workspace);

  Presence& presence_;
  Activity& activity_;
  Viewers& viewers_;
  const Peers& peers_;
  net::Shard& owner_;
  const std::string epoch_;                                           ///< tells this life of the server from others
  std::map<storage::WorkspaceId, std::unique_ptr<Watched>> watched_;  ///< on the owner shard
  std::uint64_t samples_ = 0;                                         ///< on the owner shard
};

}  // namespace atrium::chat
