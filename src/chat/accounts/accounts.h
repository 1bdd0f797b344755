#pragma once

#include <memory>

#include "base/task.h"
#include "chat/accounts/token.h"
#include "chat/config.h"
#include "chat/identity.h"
#include "storage/database.h"

namespace atrium::chat {

/// Turns a valid token into somebody who is known here: a user comes with the first token that names him. Any shard.
class Accounts final {
 public:
  Accounts(const Config& config, storage::Database& database) : config_(config), database_(database) {}

  /// Stores the user when he or his name is new. Throws StoreUnavailable.
  Task<storage::User> user_of(Claims claims) const;
  /// The same, with the workspaces he is in.
  Task<std::shared_ptr<const Identity>> admit(Claims claims) const;
  /// Whoever was let in before, as he is now; null when he may not be here any more. His token does not count again.
  Task<std::shared_ptr<const Identity>> readmit(storage::UserId user, std::string session) const;

 private:
  Task<std::shared_ptr<const Identity>> identify(storage::User user, std::string session) const;

  const Config& config_;
  storage::Database& database_;
};

}  // namespace atrium::chat
