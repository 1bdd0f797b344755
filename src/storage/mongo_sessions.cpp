#include "storage/mongo_sessions.h"

#include "storage/mongo_schema.h"

namespace atrium::storage {

bool end_session(MongoConnection& db, const UserId& user, const SessionId& session) {
  if (db.remove_one(kSessions, {"_id", session, "userId", user}) == 0) return false;
  db.remove_many(kRefreshTokens, {"sessionId", session});
  return true;
}

std::vector<SessionId> end_sessions(MongoConnection& db, const UserId& user) {
  std::vector<SessionId> ended;
  for (const MongoRecord& session : db.find(kSessions, {"userId", user})) {
    const SessionId id(session.text("_id"));
    if (end_session(db, user, id)) ended.push_back(id);
  }
  return ended;
}

}  // namespace atrium::storage
