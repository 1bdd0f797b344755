#include "storage/sqlite_session_store.h"

#include "storage/sqlite_query.h"

namespace atrium::storage {

namespace {

/// The columns of a Session s, for session_of().
const std::string kColumns = "s.id, s.user_id, s.device, s.address, s.created_at, s.last_used_at, s.expires_at";

Session session_of(const SqliteQuery& row) {
  return {.id = SessionId(row.text(0)),
          .user = UserId(row.text(1)),
          .device = row.text(2),
          .address = row.text(3),
          .created_at = row.time(4),
          .last_used_at = row.time(5),
          .expires_at = row.time(6)};
}

std::vector<SessionId> ids_of(SqliteQuery& query) {
  std::vector<SessionId> ids;
  while (query.next()) ids.emplace_back(query.text(0));
  return ids;
}

/// One refresh token with its session.
struct Stored {
  Session session;
  std::uint64_t generation = 0;
  WallTime rotated_at{};  ///< the epoch: not yet
};

std::optional<Stored> stored(SqliteConnection& db, const TokenHash& token) {
  static const std::string kSelect = "SELECT " + kColumns +
                                     ", t.generation, t.rotated_at FROM refresh_tokens t "
                                     "JOIN sessions s ON s.id = t.session_id WHERE t.hash = ?1";
  SqliteQuery query(db, kSelect, token);
  if (!query.next()) return std::nullopt;
  return Stored{.session = session_of(query), .generation = query.counter(7), .rotated_at = query.time(8)};
}

void add_token(SqliteConnection& db, const TokenHash& token, const SessionId& session, std::uint64_t generation) {
  SqliteQuery(db, "INSERT INTO refresh_tokens (hash, session_id, generation) VALUES (?1, ?2, ?3)", token, session, generation)
      .change();
}

/// With its tokens.
bool remove(SqliteConnection& db, const UserId& user, const SessionId& session) {
  return SqliteQuery(db, "DELETE FROM sessions WHERE id = ?1 AND user_id = ?2", session, user).change() > 0;
}

void exchange(SqliteConnection& db, Stored& token, const TokenHash& hash, const TokenHash& next, WallTime now) {
  SqliteQuery(db, "UPDATE refresh_tokens SET rotated_at = ?2 WHERE hash = ?1", hash, now).change();
  add_token(db, next, token.session.id, token.generation + 1);
  SqliteQuery(db, "UPDATE sessions SET last_used_at = ?2, expires_at = ?3 WHERE id = ?1", token.session.id,
              token.session.last_used_at, token.session.expires_at)
      .change();
  if (token.generation < SessionStore::kMaxOfFamily) return;
  SqliteQuery(db, "DELETE FROM refresh_tokens WHERE session_id = ?1 AND generation <= ?2", token.session.id,
              token.generation + 1 - SessionStore::kMaxOfFamily)
      .change();
}

}  // namespace

Task<std::vector<SessionId>> SqliteSessionStore::begin(Session session, TokenHash first) {
  session.created_at = session.last_used_at = clock_.wall();
  return engine_.write([session = std::move(session), first = std::move(first)](SqliteConnection& db) {
    SqliteQuery(db,
                "INSERT INTO sessions (id, user_id, device, address, created_at, last_used_at, expires_at) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                session.id, session.user, session.device, session.address, session.created_at, session.last_used_at,
                session.expires_at)
        .change();
    add_token(db, first, session.id, 1);
    SqliteQuery(db, "UPDATE users SET last_login_at = ?2 WHERE id = ?1", session.user, session.created_at).change();
    std::vector<SessionId> too_many;
    {
      SqliteQuery query(db,
                        "SELECT id FROM sessions WHERE user_id = ?1 AND id <> ?2 ORDER BY last_used_at DESC, id "
                        "LIMIT -1 OFFSET ?3",
                        session.user, session.id, std::uint64_t{kMaxOfUser - 1});
      too_many = ids_of(query);
    }
    for (const SessionId& id : too_many) remove(db, session.user, id);
    return too_many;
  });
}

Task<Rotation> SqliteSessionStore::rotate(TokenHash token, TokenHash next, WallTime expires_at) {
  const WallTime now = clock_.wall();
  return engine_.write([token = std::move(token), next = std::move(next), expires_at, now](SqliteConnection& db) -> Rotation {
    using Outcome = Rotation::Outcome;
    auto found = stored(db, token);
    if (!found) return {};
    Session& session = found->session;
    if (session.expires_at <= now) return {Outcome::expired, session};
    if (found->rotated_at == WallTime{}) {
      session.last_used_at = now;
      session.expires_at = expires_at;
      exchange(db, *found, token, next, now);
      return {Outcome::rotated, session};
    }
    if (now - found->rotated_at <= kRepeatWindow) return {Outcome::repeated, session};
    remove(db, session.user, session.id);
    return {Outcome::reused, session};
  });
}

Task<std::optional<Session>> SqliteSessionStore::find_by_token(TokenHash token) {
  return engine_.read([token = std::move(token), now = clock_.wall()](SqliteConnection& db) -> std::optional<Session> {
    auto found = stored(db, token);
    if (!found || found->session.expires_at <= now) return std::nullopt;
    return std::move(found->session);
  });
}

Task<std::vector<Session>> SqliteSessionStore::of_user(UserId user) {
  return engine_.read([user = std::move(user), now = clock_.wall()](SqliteConnection& db) {
    static const std::string kSelect = "SELECT " + kColumns +
                                       " FROM sessions s WHERE s.user_id = ?1 AND s.expires_at > ?2 "
                                       "ORDER BY s.last_used_at DESC, s.id";
    SqliteQuery query(db, kSelect, user, now);
    std::vector<Session> sessions;
    while (query.next()) sessions.push_back(session_of(query));
    return sessions;
  });
}

Task<bool> SqliteSessionStore::end(UserId user, SessionId session) {
  return engine_.write(
      [user = std::move(user), session = std::move(session)](SqliteConnection& db) { return remove(db, user, session); });
}

Task<std::vector<SessionId>> SqliteSessionStore::end_all(UserId user) {
  return engine_.write([user = std::move(user)](SqliteConnection& db) { return end_sessions(db, user); });
}

std::vector<SessionId> end_sessions(SqliteConnection& db, const UserId& user) {
  SqliteQuery query(db, "DELETE FROM sessions WHERE user_id = ?1 RETURNING id", user);
  return ids_of(query);
}

Task<std::size_t> SqliteSessionStore::remove_expired() {
  return engine_.write([now = clock_.wall()](SqliteConnection& db) {
    return static_cast<std::size_t>(SqliteQuery(db, "DELETE FROM sessions WHERE expires_at <= ?1", now).change());
  });
}

}  // namespace atrium::storage
