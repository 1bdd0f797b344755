#pragma once

#include "storage/presence_store.h"
#include "storage/sqlite_engine.h"

namespace atrium::storage {

/// The presence of users in SQLite. Any shard; as long as the engine.
class SqlitePresenceStore final : public PresenceStore {
 public:
  explicit SqlitePresenceStore(SqliteEngine& engine) : engine_(engine) {}

  Task<std::size_t> save_last_seen(std::vector<LastSeen> users) override;
  Task<std::map<UserId, WallTime>> last_seen(std::vector<UserId> users) override;
  Task<bool> choose(ChosenStatus choice) override;
  Task<std::vector<ChosenStatus>> choices(WallTime now) override;

 private:
  SqliteEngine& engine_;
};

}  // namespace atrium::storage
