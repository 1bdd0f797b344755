#include "storage/mongo_session_store.h"

#include "storage/mongo_schema.h"
#include "storage/mongo_sessions.h"

namespace atrium::storage {

namespace {

Session session_of(const MongoRecord& record) {
  return {.id = SessionId(record.text("_id")),
          .user = UserId(record.text("userId")),
          .device = record.text("device"),
          .address = record.text("address"),
          .created_at = record.time("createdAt"),
          .last_used_at = record.time("lastUsedAt"),
          .expires_at = record.time("expiresAt")};
}

/// One refresh token with its session.
struct Stored {
  Session session;
  std::uint64_t generation = 0;
};

std::optional<Stored> stored(MongoConnection& db, const TokenHash& token) {
  const auto found = db.find_one(kRefreshTokens, {"_id", token});
  if (!found) return std::nullopt;
  const auto session = db.find_one(kSessions, {"_id", found->text("sessionId")});
  if (!session) return std::nullopt;
  return Stored{.session = session_of(*session), .generation = found->counter("generation")};
}

/// False: the session has a token of this generation already, or the token is there.
bool add_token(MongoConnection& db, const TokenHash& token, const SessionId& session, std::uint64_t generation, WallTime now) {
  return db.insert(kRefreshTokens, {"_id", token, "sessionId", session, "generation", generation, "madeAt", now});
}

/// When the token was exchanged, which is when the next one was made.
WallTime exchanged_at(MongoConnection& db, const Stored& token) {
  const auto next = db.find_one(kRefreshTokens, {"sessionId", token.session.id, "generation", token.generation + 1});
  return next ? next->time("madeAt") : WallTime{};
}

void prolong(MongoConnection& db, const Stored& token) {
  const Session& session = token.session;
  db.update_one(kSessions, {"_id", session.id},
                {"$set", MongoDocument("lastUsedAt", session.last_used_at, "expiresAt", session.expires_at)});
  if (token.generation < SessionStore::kMaxOfFamily) return;
  const std::uint64_t oldest = token.generation + 1 - SessionStore::kMaxOfFamily;
  db.remove_many(kRefreshTokens, {"sessionId", session.id, "generation", MongoDocument("$lte", oldest)});
}

Rotation rotated(MongoConnection& db, const TokenHash& token, const TokenHash& next, WallTime expires_at, WallTime now) {
  using Outcome = Rotation::Outcome;
  auto found = stored(db, token);
  if (!found) return {};
  Session& session = found->session;
  if (session.expires_at <= now) return {Outcome::expired, session};
  // Whoever makes the next token has exchanged this one, on whichever node.
  if (add_token(db, next, session.id, found->generation + 1, now)) {
    session.last_used_at = now;
    session.expires_at = expires_at;
    prolong(db, *found);
    return {Outcome::rotated, session};
  }
  if (now - exchanged_at(db, *found) <= SessionStore::kRepeatWindow) return {Outcome::repeated, session};
  end_session(db, session.user, session.id);
  return {Outcome::reused, session};
}

/// All but the `kMaxOfUser` last used, one of which is `session`.
std::vector<SessionId> end_those_too_many(MongoConnection& db, const Session& session) {
  const MongoDocument others("userId", session.user, "_id", MongoDocument("$ne", session.id));
  const MongoFind too_many{.sort = {"lastUsedAt", -1, "_id", 1}, .limit = 0, .skip = SessionStore::kMaxOfUser - 1};
  std::vector<SessionId> ended;
  for (const MongoRecord& record : db.find(kSessions, others, too_many)) {
    const SessionId id(record.text("_id"));
    if (end_session(db, session.user, id)) ended.push_back(id);
  }
  return ended;
}

}  // namespace

Task<std::vector<SessionId>> MongoSessionStore::begin(Session session, TokenHash first) {
  session.created_at = session.last_used_at = clock_.wall();
  const std::string line = session.user.value;
  return engine_.run_in_line(line, [session = std::move(session), first = std::move(first)](MongoConnection& db) {
    const MongoDocument document("_id", session.id, "userId", session.user, "device", session.device, "address",
                                 session.address, "createdAt", session.created_at, "lastUsedAt", session.last_used_at,
                                 "expiresAt", session.expires_at);
    if (!db.insert(kSessions, document) || !add_token(db, first, session.id, 1, session.created_at)) {
      throw StoreUnavailable("a new session has the id or the token of another one");
    }
    db.update_one(kUsers, {"_id", session.user}, {"$set", MongoDocument("lastLoginAt", session.created_at)});
    return end_those_too_many(db, session);
  });
}

Task<Rotation> MongoSessionStore::rotate(TokenHash token, TokenHash next, WallTime expires_at) {
  const std::string line = token.value;
  auto work = [token = std::move(token), next = std::move(next), expires_at, now = clock_.wall()](MongoConnection& db) {
    return rotated(db, token, next, expires_at, now);
  };
  return engine_.run_in_line(line, std::move(work));
}

Task<std::optional<Session>> MongoSessionStore::find_by_token(TokenHash token) {
  return engine_.run([token = std::move(token), now = clock_.wall()](MongoConnection& db) -> std::optional<Session> {
    auto found = stored(db, token);
    if (!found || found->session.expires_at <= now) return std::nullopt;
    return std::move(found->session);
  });
}

Task<std::vector<Session>> MongoSessionStore::of_user(UserId user) {
  return engine_.run([user = std::move(user), now = clock_.wall()](MongoConnection& db) {
    const MongoDocument alive("userId", user, "expiresAt", MongoDocument("$gt", now));
    std::vector<Session> sessions;
    for (const MongoRecord& record : db.find(kSessions, alive, {.sort = {"lastUsedAt", -1, "_id", 1}})) {
      sessions.push_back(session_of(record));
    }
    return sessions;
  });
}

Task<bool> MongoSessionStore::end(UserId user, SessionId session) {
  const std::string line = user.value;
  return engine_.run_in_line(line, [user = std::move(user), session = std::move(session)](MongoConnection& db) {
    return end_session(db, user, session);
  });
}

Task<std::vector<SessionId>> MongoSessionStore::end_all(UserId user) {
  const std::string line = user.value;
  return engine_.run_in_line(line, [user = std::move(user)](MongoConnection& db) { return end_sessions(db, user); });
}

Task<std::size_t> MongoSessionStore::remove_expired() {
  return engine_.run([now = clock_.wall()](MongoConnection& db) {
    const MongoDocument over("$lte", now);
    std::size_t removed = 0;
    for (const MongoRecord& record : db.find(kSessions, {"expiresAt", over})) {
      // It may have been prolonged since.
      const std::string id = record.text("_id");
      if (db.remove_one(kSessions, {"_id", id, "expiresAt", over}) == 0) continue;
      db.remove_many(kRefreshTokens, {"sessionId", id});
      ++removed;
    }
    return removed;
  });
}

}  // namespace atrium::storage
