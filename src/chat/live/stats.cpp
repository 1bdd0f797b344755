#include "chat/live/stats.h"

#include "base/timestamp.h"
#include "net/hop.h"

namespace atrium::chat {

using storage::WorkspaceId;

Stats::Stats(const Stage& stage, Presence& presence)
    : stage_(stage), presence_(presence), viewers_(stage.shards.size()), next_viewer_(stage.shards.size()) {
  presence_.on_change([this](const WorkspaceId& workspace) { on_change(workspace); });
}

Task<void> Stats::watch(WorkspaceId workspace, std::unique_ptr<web::SseStream> stream) {
  net::Shard& shard = *net::Shard::current();
  co_await net::hop_to(presence_.owner());
  begin(workspace);
  const std::string first = sample(workspace);
  const std::string id = std::to_string(++samples_);
  co_await net::hop_to(shard);
  stream->send("stats:update", first, id);
  if (!stream->open()) {
    presence_.owner().dispatch([this, workspace] { end(workspace); });
    co_return;
  }
  auto& viewers = viewers_[shard.index()];
  const std::uint64_t key = next_viewer_[shard.index()]++;
  stream->on_closed([this, &viewers, key, workspace] {
    viewers.erase(key);
    presence_.owner().dispatch([this, workspace] { end(workspace); });
  });
  viewers.emplace(key, Viewer{workspace, std::move(stream)});
}

void Stats::begin(const WorkspaceId& workspace) {
  auto& watched = watched_[workspace];
  if (!watched) {
    watched = std::make_unique<Watched>([this, workspace] { publish(workspace); });
    watched->last = presence_.owner().clock().now();
    presence_.owner().deadlines().arm(watched->next, kInterval);
  }
  ++watched->viewers;
}

void Stats::end(const WorkspaceId& workspace) {
  const auto found = watched_.find(workspace);
  if (found != watched_.end() && --found->second->viewers == 0) watched_.erase(found);
}

void Stats::on_change(const WorkspaceId& workspace) {
  const auto found = watched_.find(workspace);
  if (found == watched_.end()) return;
  const Duration since = presence_.owner().clock().now() - found->second->last;
  presence_.owner().deadlines().arm(found->second->next, std::max(Duration::zero(), kMinGap - since));
}

void Stats::publish(WorkspaceId workspace) {
  Watched& watched = *watched_.at(workspace);
  watched.last = presence_.owner().clock().now();
  presence_.owner().deadlines().arm(watched.next, kInterval);
  const auto data = std::make_shared<const std::string>(sample(workspace));
  const std::string id = std::to_string(++samples_);
  for (auto& shard : stage_.shards) {
    shard->dispatch([this, &shard = *shard, workspace, data, id] {
      std::vector<web::SseStream*> streams;  // sending may end one, which leaves the table
      for (auto& [key, viewer] : viewers_[shard.index()]) {
        if (viewer.workspace == workspace) streams.push_back(viewer.stream.get());
      }
      for (web::SseStream* stream : streams) stream->send("stats:update", *data, id);
    });
  }
}

std::string Stats::sample(const WorkspaceId& workspace) const {
  return json::serialize(json::object{{"onlineUsersCount", presence_.online_count(workspace)},
                                      {"timestamp", to_iso8601(presence_.owner().clock().wall())},
                                      {"connections", presence_.connection_count(workspace)}});
}

}  // namespace atrium::chat
