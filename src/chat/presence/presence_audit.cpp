#include "base/log.h"
#include "chat/presence/presence.h"
#include "net/hop.h"

namespace atrium::chat {

using storage::UserId;

Task<std::size_t> Presence::audit() {
  std::size_t mended = 0;
  for (auto& shard : stage_.shards) {
    co_await net::hop_to(*shard);
    std::map<SocketRef, std::pair<WhoIs, bool>> live;
    for (const auto& [id, socket] : stage_.directory.on(*shard)) {
      const Visitor& visitor = visitor_of(*socket);
      live.emplace(ref_of(*socket), std::pair(visitor.identity, visitor.caps.presence_v2));
    }
    co_await net::hop_to(owner_);
    // Everything that happened on that shard before the look has been heard here by now, and nothing that came after.
    mended += audit_shard(*shard, live);
  }
  mended += audit_views();
  if (mended > 0) log::warn("the presence audit mended {} entries", mended);
  co_return mended;
}

std::size_t Presence::audit_shard(const net::Shard& shard, const std::map<SocketRef, std::pair<WhoIs, bool>>& live) {
  std::size_t mended = 0;
  for (const auto& [id, visitor] : live) {
    const auto& [who, v2] = visitor;
    if (tracker_.has(who->user, id)) continue;
    ++mended;
    arrive(who, id, v2);
  }
  for (const UserId& user : tracker_.users()) {
    const auto devices = tracker_.devices_of(user);
    for (const auto& device : devices) {
      if (device.socket.shard != shard.index() || live.contains(device.socket)) continue;
      ++mended;
      lose(tracker_.find(user), device.socket, Leaving::on_purpose, {});
    }
  }
  return mended;
}

std::size_t Presence::audit_views() {
  wake();
  std::size_t mended = 0;
  for (const UserId& user : tracker_.users()) mended += publish(user);
  for (const auto& workspace : news_.workspaces()) {
    std::vector<UserId> ghosts;
    news_.feed(workspace)->each_live(UserId(), [&](const UserId& user, const PresenceTracker::Shown&) {
      const WhoIs who = tracker_.find(user);
      if (!who || !is_in(*who, workspace)) ghosts.push_back(user);
      return true;
    });
    for (const UserId& ghost : ghosts) mended += news_.show(workspace, ghost, std::nullopt);
  }
  return mended;
}

}  // namespace atrium::chat
