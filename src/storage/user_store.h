#pragma once

#include <optional>

#include "base/task.h"
#include "storage/records.h"

namespace atrium::storage {

/// Who there is. Awaited on a shard and resumed there; throws StoreUnavailable.
class UserStore {
 public:
  virtual ~UserStore() = default;

  /// Makes the user when the id is new, and in the same commit a member of `first_workspace`; else takes over a changed name
  /// or email. The answer is what is stored now.
  virtual Task<User> ensure(User user, std::optional<WorkspaceId> first_workspace = std::nullopt) = 0;
  virtual Task<std::optional<User>> find(UserId id) = 0;
};

}  // namespace atrium::storage
