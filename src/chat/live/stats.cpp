#include "chat/live/stats.h"

#include "base/random_id.h"
#include "base/timestamp.h"
#include "net/hop.h"

namespace atrium::chat {

using storage::WorkspaceId;

Stats::Stats(Presence& presence, Activity& activity, Viewers& viewers, Peers& peers)
    : presence_(presence),
      activity_(activity),
      viewers_(viewers),
      peers_(peers),
      owner_(presence.owner()),
      epoch_(object_id(presence.owner().clock().wall())) {
  presence_.on_change([this](const WorkspaceId& workspace) { on_change(workspace); });
  activity_.on_change([this](const WorkspaceId& workspace) { on_change(workspace); });
  peers.on_reach([this] {
    for (const auto& [workspace, watched] : watched_) on_change(workspace);
  });
}

Task<void> Stats::watch(Viewer viewer) {
  const WorkspaceId workspace = viewer.workspace;
  net::Shard& shard = *net::Shard::current();
  co_await net::hop_to(owner_);
  begin(workspace);
  const std::string first = sample(workspace);
  co_await net::hop_to(shard);
  viewer.stream->send_frame(first);
  viewers_.add(std::move(viewer), [this, workspace] { owner_.dispatch([this, workspace] { end(workspace); }); });
}

void Stats::begin(const WorkspaceId& workspace) {
  auto& watched = watched_[workspace];
  if (!watched) {
    watched = std::make_unique<Watched>([this, workspace] { publish(workspace); });
    watched->last = owner_.clock().now();
    owner_.deadlines().arm(watched->next, kInterval);
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
  const Duration since = owner_.clock().now() - found->second->last;
  owner_.deadlines().arm(found->second->next, std::max(Duration::zero(), kMinGap - since));
}

void Stats::publish(WorkspaceId workspace) {
  Watched& watched = *watched_.at(workspace);
  watched.last = owner_.clock().now();
  owner_.deadlines().arm(watched.next, kInterval);
  viewers_.send(Feed::stats, workspace, std::make_shared<const std::string>(sample(workspace)));
}

std::string Stats::sample(const WorkspaceId& workspace) {
  const auto figures = presence_.figures(workspace);
  const events::StatsUpdate update{.onlineUsersCount = figures.online,
                                   .timestamp = to_iso8601(owner_.clock().wall()),
                                   .connections = figures.connections,
                                   .away = figures.away,
                                   .dnd = figures.dnd,
                                   .typingUsers = activity_.typing_users(workspace),
                                   .messagesPerMin = activity_.messages_per_minute(workspace),
                                   .degraded = peers_.degraded() ? std::optional(true) : std::nullopt};
  return web::SseStream::frame("stats:update", json::serialize(to_json(update)), epoch_ + "-" + std::to_string(++samples_));
}

}  // namespace atrium::chat
