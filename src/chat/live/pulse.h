#pragma once

#include <cstddef>
#include <unordered_map>

#include "chat/live/minute_meter.h"
#include "storage/ids.h"

namespace atrium::chat {

/// How much goes on in each workspace: who types, and how much was said in the last minute. A pure value; time is an argument.
class Pulse final {
 public:
  void said(const storage::WorkspaceId& workspace, TimePoint now) { workspaces_[workspace].said.add(now); }
  void typing(const storage::WorkspaceId& workspace, const storage::ChannelId& channel, std::size_t users) {
    auto& place = workspaces_[workspace];
    std::size_t& before = place.typing[channel];
    place.typing_users += users - before;
    before = users;
    if (users == 0) place.typing.erase(channel);
  }

  /// Of all channels; who types in two counts twice.
  std::size_t typing_users(const storage::WorkspaceId& workspace) const {
    const auto found = workspaces_.find(workspace);
    return found == workspaces_.end() ? 0 : found->second.typing_users;
  }
  std::uint64_t messages_per_minute(const storage::WorkspaceId& workspace, TimePoint now) {
    const auto found = workspaces_.find(workspace);
    return found == workspaces_.end() ? 0 : found->second.said.count(now);
  }

 private:
  struct Workspace {
    MinuteMeter said;
    std::unordered_map<storage::ChannelId, std::size_t> typing;  ///< users who do, where somebody does
    std::size_t typing_users = 0;
  };
  std::unordered_map<storage::WorkspaceId, Workspace> workspaces_;
};

}  // namespace atrium::chat
