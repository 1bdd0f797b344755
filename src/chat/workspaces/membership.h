#pragma once

#include "base/task.h"
#include "chat/config.h"
#include "chat/failure.h"
#include "storage/database.h"

namespace atrium::chat {

/// Who may be where. Asked each time, so that a membership that was taken away counts from then on. Any shard.
class Membership final {
 public:
  Membership(const Config& config, storage::Database& database) : config_(config), database_(database) {}

  /// The channel, if `user` may read and write there. A channel of a workspace that he is not in does not exist for him, so
  /// that nobody can find out what there is elsewhere.
  Task<Outcome<storage::Channel>> channel(storage::ChannelId id, storage::UserId user) const;
  /// The same for joining, which may make the channel (auto_create_channels).
  Task<Outcome<storage::Channel>> channel_to_join(storage::ChannelId id, storage::UserId user) const;
  Task<Outcome<storage::Workspace>> workspace(storage::WorkspaceId id, storage::UserId user) const;

 private:
  const Config& config_;
  storage::Database& database_;
};

}  // namespace atrium::chat
