#pragma once

#include "chat/accounts/accounts.h"
#include "chat/live/viewers.h"
#include "chat/workspaces/membership.h"

namespace atrium::chat {

/// Looks once more at somebody who has just begun to read a feed. What is taken from him later ends his streams; what was taken
/// while they began is found here.
class ViewerCheck final {
 public:
  ViewerCheck(const Accounts& accounts, const Membership& membership, Viewers& viewers)
      : accounts_(accounts), membership_(membership), viewers_(viewers) {}

  /// On the stream's shard, after Viewers::add().
  Task<void> look_again(Claims claims, storage::WorkspaceId workspace) const;

 private:
  const Accounts& accounts_;
  const Membership& membership_;
  Viewers& viewers_;
};

}  // namespace atrium::chat
