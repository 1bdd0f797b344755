#pragma once

#include "storage/mongo_engine.h"
#include "storage/read_store.h"

namespace atrium::storage {

/// The read markers in MongoDB. Any shard; as long as the engine.
class MongoReadStore final : public ReadStore {
 public:
  explicit MongoReadStore(MongoEngine& engine) : engine_(engine) {}

  Task<Reading> reading(ChannelId channel, UserId user) override;
  Task<Result<Marked, StoreError>> mark(ChannelId channel, UserId user, std::uint64_t seq,
                                        std::uint64_t count_members_to) override;

 private:
  MongoEngine& engine_;
};

}  // namespace atrium::storage
