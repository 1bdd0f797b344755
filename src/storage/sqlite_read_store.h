#pragma once

#include "storage/read_store.h"
#include "storage/sqlite_engine.h"

namespace atrium::storage {

/// The read markers in SQLite. Any shard; as long as the engine.
class SqliteReadStore final : public ReadStore {
 public:
  explicit SqliteReadStore(SqliteEngine& engine) : engine_(engine) {}

  Task<Reading> reading(ChannelId channel, UserId user) override;
  Task<Result<Marked, StoreError>> mark(ChannelId channel, UserId user, std::uint64_t seq,
                                        std::uint64_t count_members_to) override;

 private:
  SqliteEngine& engine_;
};

}  // namespace atrium::storage
