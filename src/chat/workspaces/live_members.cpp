#include "chat/workspaces/live_members.h"

#include <type_traits>
#include <unordered_set>

#include "chat/live/activity.h"
#include "net/hop.h"

namespace atrium::chat {

using storage::ChannelId;
using storage::UserId;
using storage::WorkspaceId;

namespace {

using ChannelSet = std::unordered_set<ChannelId>;

std::vector<std::string> to_words(const std::vector<ChannelId>& channels) {
  std::vector<std::string> words;
  for (const auto& channel : channels) words.push_back(channel.value);
  return words;
}

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

// --- on all nodes

template <class Fact>
Task<void> LiveMembers::everywhere(Fact fact) const {
  stage_.peers.tell(fact);
  co_await carry_out(std::move(fact));
  co_await stage_.peers.settle();
}

void LiveMembers::listen_to_peers() {
  const auto listen = [this]<class Fact>(std::type_identity<Fact>) {
    stage_.peers.obey<Fact>([this](Fact fact) { return carry_out(std::move(fact)); });
  };
  listen(std::type_identity<facts::LeftChannel>());
  listen(std::type_identity<facts::ClosedChannel>());
  listen(std::type_identity<facts::EnteredChannel>());
  listen(std::type_identity<facts::EnteredWorkspace>());
  listen(std::type_identity<facts::LeftWorkspace>());
  listen(std::type_identity<facts::ClosedWorkspace>());
}

Task<void> LiveMembers::leave_channel(ChannelId channel, UserId user, std::string reason) const {
  return everywhere(facts::LeftChannel{.channelId = channel.value, .userId = user.value, .reason = std::move(reason)});
}

Task<void> LiveMembers::close_channel(ChannelId channel) const {
  return everywhere(facts::ClosedChannel{.channelId = channel.value});
}

Task<void> LiveMembers::enter_channel(ChannelId channel, UserId user) const {
  return everywhere(facts::EnteredChannel{.channelId = channel.value, .userId = user.value});
}

Task<void> LiveMembers::enter_workspace(WorkspaceId workspace, UserId user) const {
  return everywhere(facts::EnteredWorkspace{.workspaceId = workspace.value, .userId = user.value});
}

Task<void> LiveMembers::leave_workspace(WorkspaceId workspace, UserId user, std::vector<ChannelId> channels) const {
  return everywhere(facts::LeftWorkspace{.workspaceId = workspace.value, .userId = user.value, .channels = to_words(channels)});
}

Task<void> LiveMembers::close_workspace(WorkspaceId workspace, std::vector<ChannelId> channels) const {
  return everywhere(facts::ClosedWorkspace{.workspaceId = workspace.value, .channels = to_words(channels)});
}

// --- on this node

Task<void> LiveMembers::carry_out(facts::LeftChannel left) const {
  const ChannelId channel(left.channelId);
  const UserId user(left.userId);
  net::Shard& origin = *net::Shard::current();
  membership_.changed(user);
  co_await each_visitor([&](Visitor& visitor) {
    if (visitor.identity->user == user) visitor.joined.erase(channel);
  });
  co_await net::hop_to(channels_.home_of(channel));
  channels_.in_room(channel, [&](ChannelRoom& room) { room.remove(user, left.reason); });
  stage_.activity.member_removed(channel, user);
  co_await settle(origin);
}

Task<void> LiveMembers::carry_out(facts::ClosedChannel closed) const {
  const ChannelId channel(closed.channelId);
  net::Shard& origin = *net::Shard::current();
  membership_.changed_for_all();
  co_await each_visitor([&](Visitor& visitor) { visitor.joined.erase(channel); });
  co_await net::hop_to(channels_.home_of(channel));
  channels_.in_room(channel, [](ChannelRoom& room) { room.close("deleted"); });
  co_await settle(origin);
}

Task<void> LiveMembers::carry_out(facts::EnteredChannel entered) const {
  stage_.activity.member_added(ChannelId(entered.channelId), UserId(entered.userId));
  co_return;
}

Task<void> LiveMembers::carry_out(facts::EnteredWorkspace entered) const {
  const WorkspaceId workspace(entered.workspaceId);
  const UserId user(entered.userId);
  net::Shard& origin = *net::Shard::current();
  membership_.changed(user);
  co_await each_visitor([&](Visitor& visitor) {
    if (visitor.identity->user == user) visitor.identity = with_workspace(*visitor.identity, workspace);
  });
  co_await net::hop_to(presence_.owner());
  presence_.enter_workspace(user, workspace);
  co_await settle(origin);
}

Task<void> LiveMembers::carry_out(facts::LeftWorkspace left) const {
  const WorkspaceId workspace(left.workspaceId);
  const UserId user(left.userId);
  const std::vector<ChannelId> channels(left.channels.begin(), left.channels.end());
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

Task<void> LiveMembers::carry_out(facts::ClosedWorkspace closed) const {
  const WorkspaceId workspace(closed.workspaceId);
  const std::vector<ChannelId> channels(closed.channels.begin(), closed.channels.end());
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
