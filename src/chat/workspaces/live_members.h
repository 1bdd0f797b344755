#pragma once

#include <string>
#include <vector>

#include "base/task.h"
#include "chat/channels/channels.h"
#include "chat/live/viewers.h"
#include "chat/presence/presence.h"
#include "chat/workspaces/membership.h"

namespace atrium::chat {

/// Carries what has changed of memberships to the sockets and streams that are connected now, on all nodes. The database has
/// been told before. Each task ends on the shard where it was awaited, when no shard has anything left to do, and no node that
/// answers in time: whoever is answered then can rely on it.
///
/// Nobody slips in behind his removal with an answer that the database gave before. First the memberships are counted as
/// changed: whoever gets such an answer from then on asks again. Then every shard is visited: what was allowed there before has
/// been posted to the channel's home by then, so that the home, which comes last, finds it and puts it out.
class LiveMembers final {
 public:
  LiveMembers(const Stage& stage, Membership& membership, Channels& channels, Presence& presence, Viewers& viewers)
      : stage_(stage), membership_(membership), channels_(channels), presence_(presence), viewers_(viewers) {
    listen_to_peers();
  }

  /// Out of a channel, with all his sockets.
  Task<void> leave_channel(storage::ChannelId channel, storage::UserId user, std::string reason) const;
  /// The channel is no more: everybody out.
  Task<void> close_channel(storage::ChannelId channel) const;

  Task<void> enter_workspace(storage::WorkspaceId workspace, storage::UserId user) const;
  /// `channels`: those of the workspace.
  Task<void> leave_workspace(storage::WorkspaceId workspace, storage::UserId user,
                             std::vector<storage::ChannelId> channels) const;
  Task<void> close_workspace(storage::WorkspaceId workspace, std::vector<storage::ChannelId> channels) const;

  Task<void> enter_channel(storage::ChannelId channel, storage::UserId user) const;

  // The same on this node alone.
  Task<void> carry_out(facts::LeftChannel left) const;
  Task<void> carry_out(facts::ClosedChannel closed) const;
  Task<void> carry_out(facts::EnteredChannel entered) const;
  Task<void> carry_out(facts::EnteredWorkspace entered) const;
  Task<void> carry_out(facts::LeftWorkspace left) const;
  Task<void> carry_out(facts::ClosedWorkspace closed) const;

 private:
  void listen_to_peers();
  template <class Fact>
  Task<void> everywhere(Fact fact) const;
  /// On every shard, one after the other: `look(Visitor&)` for each socket there.
  template <class Look>
  Task<void> each_visitor(Look look) const;
  /// At the homes of all `channels`: `action(ChannelRoom&)` where somebody is in.
  template <class Action>
  Task<void> each_room(const std::vector<storage::ChannelId>& channels, Action action) const;
  /// All that this coroutine's shards have told others has been done, and the coroutine is on `shard`.
  Task<void> settle(net::Shard& shard) const;

  const Stage& stage_;
  Membership& membership_;
  Channels& channels_;
  Presence& presence_;
  Viewers& viewers_;
};

}  // namespace atrium::chat
