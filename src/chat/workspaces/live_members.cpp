#include "chat/workspaces/live_members.h"

#include <unordered_set>

#include "chat/live/activity.h"
#include "net/hop.h"

namespace atrium::chat {

using storage::ChannelId;
using storage::UserId;
using storage::WorkspaceId;

namespace {

using ChannelSet = std::unordered_set<ChannelId>;

void forget(Visitor& visitor, const ChannelSet& channels) {
  std::erase_if(visitor.joined, [&](const ChannelId& channel) { return channels.contains(channel); });
}

}  // namespace

template <class Look>
Task<void> LiveMembers::each_visitor(Look look) const {
  for (const auto& shard : stage_.shards) {
    co_await net::hop_to(*shard);
    for (const auto& [id, socket] : stage_.directory.on(*shard)) look(visitor_of(*socket));
  }
}

template <class Action>
Task<void> LiveMembers::each_room(const std::vector<ChannelId>& channels, Action action) const {
  for (const auto& shard : stage_.shards) {
    co_await net::hop_to(*shard);
    for (const ChannelId& channel : channels) {
      if (&channels_.home_of(channel) == shard.get()) channels_.in_room(channel, action);
    }
  }
}

Task<void> LiveMembers::settle(net::Shard& shard) const {
  for (const auto& each : stage_.shards) co_await net::hop_to(*each);
  co_await net::hop_to(shard);
}

Task<void> LiveMembers::leave_channel(ChannelId channel, UserId user, std::string reason) const {
  net::Shard& origin = *net::Shard::current();
  membership_.changed(user);
  co_await each_visitor([&](Visitor& visitor) {
    if (visitor.identity->user == user) visitor.joined.erase(channel);
  });
  co_await net::hop_to(channels_.home_of(channel));
  channels_.in_room(channel, [&](ChannelRoom& room) { room.remove(user, reason); });
  stage_.activity.member_removed(channel, user);
  co_await settle(origin);
}

Task<void> LiveMembers::close_channel(ChannelId channel) const {
  net::Shard& origin = *net::Shard::current();
  membership_.changed_for_all();
  co_await each_visitor([&](Visitor& visitor) { visitor.joined.erase(channel); });
  co_await net::hop_to(channels_.home_of(channel));
  channels_.in_room(channel, [](ChannelRoom& room) { room.close("deleted"); });
  co_await settle(origin);
}

Task<void> LiveMembers::enter_workspace(WorkspaceId workspace, UserId user) const {
  net::Shard& origin = *net::Shard::current();
  membership_.changed(user);
  co_await each_visitor([&](Visitor& visitor) {
    if (visitor.identity->user == user) visitor.identity = with_workspace(*visitor.identity, workspace);
  });
  co_await net::hop_to(presence_.owner());
  presence_.enter_workspace(user, workspace);
  co_await settle(origin);
}

Task<void> LiveMembers::leave_workspace(WorkspaceId workspace, UserId user, std::vector<ChannelId> channels) const {
  net::Shard& origin = *net::Shard::current();
  const ChannelSet all(channels.begin(), channels.end());
  membership_.changed(user);
  viewers_.end_in(workspace, user, failures::workspace_not_found());
  co_await each_visitor([&](Visitor& visitor) {
    if (visitor.identity->user != user) return;
    visitor.identity = without_workspace(*visitor.identity, workspace);
    forget(visitor, all);
  });
  co_await each_room(channels, [&](ChannelRoom& room) { room.remove(user, "removed"); });
  co_await net::hop_to(presence_.owner());
  presence_.leave_workspace(user, workspace);
  co_await settle(origin);
}

Task<void> LiveMembers::close_workspace(WorkspaceId workspace, std::vector<ChannelId> channels) const {
  net::Shard& origin = *net::Shard::current();
  const ChannelSet all(channels.begin(), channels.end());
  membership_.changed_for_all();
  viewers_.end([workspace](const Viewer& viewer) { return viewer.workspace == workspace; }, failures::workspace_not_found());
  co_await each_visitor([&](Visitor& visitor) {
    if (!is_in(*visitor.identity, workspace)) return;
    visitor.identity = without_workspace(*visitor.identity, workspace);
    forget(visitor, all);
  });
  co_await each_room(channels, [](ChannelRoom& room) { room.close("deleted"); });
  co_await net::hop_to(presence_.owner());
  presence_.close_workspace(workspace);
  co_await settle(origin);
}

}  // namespace atrium::chat
