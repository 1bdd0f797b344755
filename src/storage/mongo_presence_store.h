#pragma once

#include "storage/mongo_engine.h"
#include "storage/presence_store.h"

namespace atrium::storage {

/// The presence of users in MongoDB. Any shard; as long as the engine.
class MongoPresenceStore final : public PresenceStore {
 public:
  explicit MongoPresenceStore(MongoEngine& engine) : engine_(engine) {}

  Task<std::size_t> save_last_seen(std::vector<LastSeen> users) override;
  Task<std::map<UserId, WallTime>> last_seen(std::vector<UserId> users) override;
  Task<bool> choose(ChosenStatus choice) override;
  Task<std::vector<ChosenStatus>> choices(WallTime now) override;

 private:
  MongoEngine& engine_;
};

}  // namespace atrium::storage
