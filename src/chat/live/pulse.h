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
  void begin_typing(const storage::WorkspaceId& workspace, const storage::UserId& user) {
    ++workspaces_[workspace].typing[user];
  }
  void end_typing(const storage::WorkspaceId& workspace, const storage::UserId& user) {
    auto& typing = workspaces_[workspace].typing;
    const auto found = typing.find(user);
    if (found != typing.end() && --found->second == 0) typing.erase(found);
  }

  /// Users, each once whatever he types in.
  std::size_t typing_users(const storage::WorkspaceId& workspace) const {
    const auto found = workspaces_.find(workspace);
    return found == workspaces_.end() ? 0 : found->second.typing.size();
  }
  std::uint64_t messages_per_minute(const storage::WorkspaceId& workspace, TimePoint now) {
    const auto found = workspaces_.find(workspace);
    return found == workspaces_.end() ? 0 : found->second.said.count(now);
  }

 private:
  struct Workspace {
    MinuteMeter said;
    std::unordered_map<storage::UserId, std::size_t> typing;  ///< in how many channels, or tabs
  };
  std::unordered_map<storage::WorkspaceId, Workspace> workspaces_;
};

}  // namespace atrium::chat
