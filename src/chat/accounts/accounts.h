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

 private:
  const Config& config_;
  storage::Database& database_;
};

}  // namespace atrium::chat
