#pragma once

#include "base/clock.h"
#include "storage/mongo_engine.h"
#include "storage/user_store.h"

namespace atrium::storage {

/// The users in MongoDB. Any shard; as long as the engine.
class MongoUserStore final : public UserStore {
 public:
  MongoUserStore(MongoEngine& engine, const Clock& clock) : engine_(engine), clock_(clock) {}

  Task<User> ensure(User user, std::optional<WorkspaceId> first_workspace) override;
  Task<std::optional<User>> find(UserId id) override;
  Task<std::optional<User>> find_seen_by(UserId id, UserId viewer) override;
  Task<Standing> standing(UserId id, SessionId session) override;
  Task<Result<User, StoreError>> create(Account account, std::optional<WorkspaceId> first_workspace) override;
  Task<std::optional<Account>> account_of(std::string email) override;
  Task<Result<User, StoreError>> change(UserId id, UserChange change) override;

 private:
  MongoEngine& engine_;
  const Clock& clock_;
};

}  // namespace atrium::storage
