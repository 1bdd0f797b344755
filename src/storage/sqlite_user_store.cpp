#include "storage/sqlite_user_store.h"

#include "base/random_id.h"
#include "storage/sqlite_query.h"
#include "storage/sqlite_session_store.h"
#include "storage/sqlite_workspace_store.h"

namespace atrium::storage {

namespace {

/// The columns of a User, for user_of().
const std::string kColumns = "id, name, email, created_at, first_name, last_name, role, active, own_profile, last_login_at";

User user_of(const SqliteQuery& row) {
  User user{.id = UserId(row.text(0)), .name = row.text(1), .email = row.text(2), .created_at = row.time(3)};
  user.first_name = row.text(4);
  user.last_name = row.text(5);
  user.role = parse_global_role(row.text(6)).value_or(GlobalRole::user);
  user.active = row.integer(7) != 0;
  user.own_profile = row.integer(8) != 0;
  if (row.integer(9) != 0) user.last_login_at = row.time(9);
  return user;
}

std::optional<User> stored(SqliteConnection& db, const UserId& id) {
  static const std::string kSelect = "SELECT " + kColumns + " FROM users WHERE id = ?1";
  SqliteQuery query(db, kSelect, id);
  if (!query.next()) return std::nullopt;
  return user_of(query);
}

bool shares_workspace(SqliteConnection& db, const UserId& one, const UserId& other) {
  return SqliteQuery(db,
                     "SELECT 1 FROM workspace_members a JOIN workspace_members b ON b.workspace_id = a.workspace_id "
                     "WHERE a.user_id = ?1 AND b.user_id = ?2 LIMIT 1",
                     one, other)
      .next();
}

bool session_lives(SqliteConnection& db, const SessionId& session, const UserId& user, WallTime now) {
  return SqliteQuery(db, "SELECT 1 FROM sessions WHERE id = ?1 AND user_id = ?2 AND expires_at > ?3", session, user, now)
      .next();
}

std::vector<WorkspaceId> workspaces_of(SqliteConnection& db, const UserId& user) {
  SqliteQuery query(db, "SELECT workspace_id FROM workspace_members WHERE user_id = ?1 ORDER BY workspace_id", user);
  std::vector<WorkspaceId> workspaces;
  while (query.next()) workspaces.emplace_back(query.text(0));
  return workspaces;
}

}  // namespace

Task<User> SqliteUserStore::ensure(User user, std::optional<WorkspaceId> first_workspace) {
  if (user.created_at == WallTime{}) user.created_at = clock_.wall();
  return engine_.write([user = std::move(user), first_workspace = std::move(first_workspace)](SqliteConnection& db) {
    const bool is_new = !stored(db, user.id);
    // Nothing that is already so is written: most users come back unchanged.
    SqliteQuery(db,
                "INSERT INTO users (id, name, email, created_at, role) VALUES (?1, ?2, ?3, ?4, ?5) "
                "ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email "
                "WHERE own_profile = 0 AND (name <> excluded.name OR email <> excluded.email)",
                user.id, user.name, user.email, user.created_at, to_string(user.role))
        .change();
    if (is_new && first_workspace) add_workspace_member(db, *first_workspace, user.id, Role::member);
    return *stored(db, user.id);
  });
}

Task<std::optional<User>> SqliteUserStore::find(UserId id) {
  return engine_.read([id = std::move(id)](SqliteConnection& db) { return stored(db, id); });
}

Task<std::optional<User>> SqliteUserStore::find_seen_by(UserId id, UserId viewer) {
  return engine_.read([id = std::move(id), viewer = std::move(viewer)](SqliteConnection& db) -> std::optional<User> {
    if (id != viewer && !shares_workspace(db, id, viewer)) return std::nullopt;
    return stored(db, id);
  });
}

Task<Standing> SqliteUserStore::standing(UserId id, SessionId session) {
  return engine_.read([id = std::move(id), session = std::move(session), now = clock_.wall()](SqliteConnection& db) {
    Standing standing{.user = stored(db, id), .workspaces = workspaces_of(db, id)};
    standing.session_lives = session.empty() || session_lives(db, session, id, now);
    return standing;
  });
}

Task<Result<User, StoreError>> SqliteUserStore::create(Account account, std::optional<WorkspaceId> first_workspace) {
  if (account.user.created_at == WallTime{}) account.user.created_at = clock_.wall();
  if (account.user.id.empty()) account.user.id = UserId(object_id(clock_.wall()));
  return engine_.write([account = std::move(account),
                        first_workspace = std::move(first_workspace)](SqliteConnection& db) -> Result<User, StoreError> {
    const User& user = account.user;
    if (SqliteQuery(db, "SELECT 1 FROM users WHERE lower(email) = lower(?1)", user.email).next())
      return StoreError::email_taken;
    SqliteQuery(db,
                "INSERT INTO users (id, name, email, created_at, first_name, last_name, role, own_profile, password_hash) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8)",
                user.id, user.name, user.email, user.created_at, user.first_name, user.last_name, to_string(user.role),
                account.password_hash)
        .change();
    if (first_workspace) add_workspace_member(db, *first_workspace, user.id, Role::member);
    return *stored(db, user.id);
  });
}

Task<std::optional<Account>> SqliteUserStore::account_of(std::string email) {
  return engine_.read([email = std::move(email)](SqliteConnection& db) -> std::optional<Account> {
    static const std::string kSelect =
        "SELECT " + kColumns + ", password_hash FROM users WHERE lower(email) = lower(?1) AND password_hash <> ''";
    SqliteQuery query(db, kSelect, email);
    if (!query.next()) return std::nullopt;
    return Account{.user = user_of(query), .password_hash = query.text(10)};
  });
}

Task<Result<User, StoreError>> SqliteUserStore::change(UserId id, UserChange change) {
  return engine_.write([id = std::move(id), change = std::move(change)](SqliteConnection& db) -> Result<User, StoreError> {
    auto user = stored(db, id);
    if (!user) return StoreError::not_found;
    const bool profile = change.name || change.first_name || change.last_name;
    user->name = change.name.value_or(user->name);
    user->first_name = change.first_name.value_or(user->first_name);
    user->last_name = change.last_name.value_or(user->last_name);
    user->role = change.role.value_or(user->role);
    user->active = change.active.value_or(user->active);
    user->own_profile |= profile;
    SqliteQuery(db,
                "UPDATE users SET name = ?2, first_name = ?3, last_name = ?4, role = ?5, active = ?6, own_profile = ?7 "
                "WHERE id = ?1",
                id, user->name, user->first_name, user->last_name, to_string(user->role), std::int64_t{user->active},
                std::int64_t{user->own_profile})
        .change();
    if (!user->active) end_sessions(db, id);
    return *user;
  });
}

}  // namespace atrium::storage
