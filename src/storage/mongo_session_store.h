#pragma once

#include "base/clock.h"
#include "storage/mongo_engine.h"
#include "storage/session_store.h"

namespace atrium::storage {

/// The sessions in MongoDB. Any shard; as long as the engine.
class MongoSessionStore final : public SessionStore {
 public:
  MongoSessionStore(MongoEngine& engine, const Clock& clock) : engine_(engine), clock_(clock) {}

  Task<std::vector<SessionId>> begin(Session session, TokenHash first) override;
  Task<Rotation> rotate(TokenHash token, TokenHash next, WallTime expires_at) override;
  Task<std::optional<Session>> find_by_token(TokenHash token) override;
  Task<std::vector<Session>> of_user(UserId user) override;
  Task<bool> end(UserId user, SessionId session) override;
  Task<std::vector<SessionId>> end_all(UserId user) override;
  Task<std::size_t> remove_expired() override;

 private:
  MongoEngine& engine_;
  const Clock& clock_;
};

}  // namespace atrium::storage
