#pragma once

#include <memory>
#include <type_traits>
#include <vector>

#include "base/task.h"
#include "chat/accounts/revocations.h"
#include "chat/accounts/token.h"
#include "chat/config.h"
#include "chat/failure.h"
#include "chat/identity.h"
#include "chat/workspaces/membership.h"
#include "storage/database.h"

namespace atrium::chat {

/// Turns a valid token into somebody who is known here and let in: a user comes with the first token that names him. Any
/// shard; throws StoreUnavailable.
///
/// What admit() and readmit() tell holds in the turn in which they end: no session has ended, and no membership of the user's
/// has changed, since the look into the database. Who makes the socket known in that turn is found by whatever comes later.
class Accounts final {
 public:
  Accounts(const Config& config, storage::Database& database, const Revocations& revocations, const Membership& membership)
      : config_(config), database_(database), revocations_(revocations), membership_(membership) {}

  /// Stores the user when he or his name is new. SESSION_REVOKED, USER_INACTIVE.
  Task<Outcome<storage::User>> user_of(Claims claims) const;
  /// The same, with the workspaces he is in.
  Task<Outcome<std::shared_ptr<const Identity>>> admit(Claims claims) const;

  /// Somebody who was let in before and was away for a while.
  struct Absentee {
    storage::UserId user;
    storage::SessionId session;
    std::vector<storage::ChannelId> joined;
  };
  struct Returning {
    std::shared_ptr<const Identity> identity;
    std::vector<storage::ChannelId> joined;  ///< those that are open to him still
  };
  /// As he is now; his token does not count again. UNAUTHENTICATED, SESSION_REVOKED, USER_INACTIVE.
  Task<Outcome<Returning>> readmit(Absentee absentee) const;

 private:
  /// What `look()` finds; it looks again when something moved meanwhile.
  template <class Look>
  std::invoke_result_t<Look> settled(storage::UserId user, Look look) const;
  Task<Outcome<std::shared_ptr<const Identity>>> look_up(Claims claims) const;
  Task<Outcome<Returning>> look_up(Absentee absentee) const;
  /// How whoever shows these claims stands, stored by now.
  Task<Outcome<storage::Standing>> standing_of(Claims claims) const;
  std::shared_ptr<const Identity> identify(storage::Standing standing, storage::SessionId session) const;

  static constexpr int kTries = 8;

  const Config& config_;
  storage::Database& database_;
  const Revocations& revocations_;
  const Membership& membership_;
};

}  // namespace atrium::chat
