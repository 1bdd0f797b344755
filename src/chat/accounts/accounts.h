#pragma once

#include <memory>

#include "base/task.h"
#include "chat/accounts/revocations.h"
#include "chat/accounts/token.h"
#include "chat/config.h"
#include "chat/failure.h"
#include "chat/identity.h"
#include "storage/database.h"

namespace atrium::chat {

/// Turns a valid token into somebody who is known here and let in: a user comes with the first token that names him. Any
/// shard; throws StoreUnavailable.
class Accounts final {
 public:
  Accounts(const Config& config, storage::Database& database, const Revocations& revocations)
      : config_(config), database_(database), revocations_(revocations) {}

  /// Stores the user when he or his name is new. SESSION_REVOKED, USER_INACTIVE.
  Task<Outcome<storage::User>> user_of(Claims claims) const;
  /// The same, with the workspaces he is in. Nothing was revoked between the look into the database and the end of this:
  /// who joins the rooms of the user and of the session at once misses no revocation.
  Task<Outcome<std::shared_ptr<const Identity>>> admit(Claims claims) const;

 private:
  Task<Outcome<std::shared_ptr<const Identity>>> identify(Claims claims) const;

  static constexpr int kTries = 5;  ///< while others are being put out

  const Config& config_;
  storage::Database& database_;
  const Revocations& revocations_;
};

}  // namespace atrium::chat
