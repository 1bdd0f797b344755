#pragma once

#include "base/clock.h"
#include "storage/sqlite_engine.h"
#include "storage/user_store.h"

namespace atrium::storage {

/// The users in SQLite. Any shard; as long as the engine.
class SqliteUserStore final : public UserStore {
 public:
  SqliteUserStore(SqliteEngine& engine, const Clock& clock) : engine_(engine), clock_(clock) {}

  Task<User> ensure(User user, std::optional<WorkspaceId> first_workspace) override;
  Task<std::optional<User>> find(UserId id) override;

 private:
  SqliteEngine& engine_;
  const Clock& clock_;
};

}  // namespace atrium::storage
