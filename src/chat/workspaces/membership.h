#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "base/task.h"
#include "chat/config.h"
#include "chat/failure.h"
#include "chat/workspaces/permissions.h"
#include "storage/database.h"

namespace atrium::chat {

/// Who may be where. Asked each time, so that a membership that was taken away counts from then on. An answer is good for the
/// turn in which it comes: what it allows and is posted in that turn is found by a removal that was not counted yet, for
/// LiveMembers goes by every shard after counting. Any shard.
class Membership final {
 public:
  Membership(const Config& config, storage::Database& database) : config_(config), database_(database) {}

  /// The channel, if `user` may read and write there. A channel of a workspace that he is not in does not exist for him, so
  /// that nobody can find out what there is elsewhere.
  Task<Outcome<storage::Channel>> channel(storage::ChannelId id, storage::UserId user) const;
  /// The same for joining, which may make the channel (auto_create_channels).
  Task<Outcome<storage::Channel>> channel_to_join(storage::ChannelId id, storage::UserId user) const;
  Task<Outcome<storage::Workspace>> workspace(storage::WorkspaceId id, storage::UserId user) const;
  /// The same, with what else he may do there.
  Task<Outcome<ChannelAccess>> channel_access(storage::ChannelId id, storage::UserId user) const;
  Task<Outcome<WorkspaceAccess>> workspace_access(storage::WorkspaceId id, storage::UserId user) const;

  /// How often memberships of `user` have come or gone: when it has moved, an answer of the database from before may be old.
  /// Others may be counted with him.
  std::uint64_t changes(const storage::UserId& user) const { return place_of(user); }
  /// After the database was told, before those are told who act on it.
  void changed(const storage::UserId& user) { ++place_of(user); }
  void changed_for_all() {
    for (auto& place : changes_) ++place;
  }

 private:
  using Counter = std::atomic<std::uint64_t>;

  const Counter& place_of(const storage::UserId& user) const { return changes_[std::hash<storage::UserId>()(user) % kPlaces]; }
  Counter& place_of(const storage::UserId& user) { return changes_[std::hash<storage::UserId>()(user) % kPlaces]; }

  static constexpr int kTries = 8;             ///< to ask for what does not change meanwhile
  static constexpr std::size_t kPlaces = 256;  ///< so many that one user's changes seldom make another ask again

  const Config& config_;
  storage::Database& database_;
  std::array<Counter, kPlaces> changes_{};
};

}  // namespace atrium::chat
