#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "storage/records.h"
#include "storage/store_error.h"

namespace atrium::storage {

/// Somebody who signs in with a password.
struct Account {
  User user;
  std::string password_hash;
};

/// Whether somebody who shows a token is still let in.
struct Standing {
  std::optional<User> user;             ///< none: never seen
  std::vector<WorkspaceId> workspaces;  ///< that he is in, by their ids
  bool session_lives = false;           ///< of the session that was asked for; true when none was
};

/// What is left as it is when it is empty.
struct UserChange {
  std::optional<std::string> name = {};
  std::optional<std::string> first_name = {};
  std::optional<std::string> last_name = {};
  std::optional<GlobalRole> role = {};
  std::optional<bool> active = {};
};

/// Who there is. Awaited on a shard and resumed there; where the answer is no Result, throws StoreUnavailable.
class UserStore {
 public:
  virtual ~UserStore() = default;

  /// Makes the user when the id is new, and in the same commit a member of `first_workspace`; else takes over a changed name
  /// or email, unless he has an own profile. The answer is what is stored now.
  virtual Task<User> ensure(User user, std::optional<WorkspaceId> first_workspace = std::nullopt) = 0;
  virtual Task<std::optional<User>> find(UserId id) = 0;
  /// The user if `viewer` may know him: he is himself, or they share a workspace.
  virtual Task<std::optional<User>> find_seen_by(UserId id, UserId viewer) = 0;
  /// `session` empty: he shows none.
  virtual Task<Standing> standing(UserId id, SessionId session) = 0;

  /// Makes an account, and in the same commit a member of `first_workspace`. An empty id: the store makes one. email_taken:
  /// by whomever, in whatever case of letters.
  virtual Task<Result<User, StoreError>> create(Account account, std::optional<WorkspaceId> first_workspace) = 0;
  /// By the address, in whatever case of letters. None also for a user without a password.
  virtual Task<std::optional<Account>> account_of(std::string email) = 0;
  /// A changed name makes an own profile. Whoever is not active any more loses his sessions in the same commit. not_found.
  virtual Task<Result<User, StoreError>> change(UserId id, UserChange change) = 0;
};

}  // namespace atrium::storage
