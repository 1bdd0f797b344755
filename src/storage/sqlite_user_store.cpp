#include "storage/sqlite_user_store.h"

#include "storage/sqlite_query.h"
#include "storage/sqlite_workspace_store.h"

namespace atrium::storage {

namespace {

std::optional<User> stored(SqliteConnection& db, const UserId& id) {
  SqliteQuery query(db, "SELECT id, name, email, created_at FROM users WHERE id = ?1", id);
  if (!query.next()) return std::nullopt;
  return User{UserId(query.text(0)), query.text(1), query.text(2), query.time(3)};
}

}  // namespace

Task<User> SqliteUserStore::ensure(User user, std::optional<WorkspaceId> first_workspace) {
  if (user.created_at == WallTime{}) user.created_at = clock_.wall();
  return engine_.write([user = std::move(user), first_workspace = std::move(first_workspace)](SqliteConnection& db) {
    const bool is_new = !stored(db, user.id);
    // Nothing that is already so is written: most users come back unchanged.
    SqliteQuery(db,
                "INSERT INTO users (id, name, email, created_at) VALUES (?1, ?2, ?3, ?4) "
                "ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email "
                "WHERE name <> excluded.name OR email <> excluded.email",
                user.id, user.name, user.email, user.created_at)
        .change();
    if (is_new && first_workspace) add_workspace_member(db, *first_workspace, user.id, Role::member);
    return *stored(db, user.id);
  });
}

Task<std::optional<User>> SqliteUserStore::find(UserId id) {
  return engine_.read([id = std::move(id)](SqliteConnection& db) { return stored(db, id); });
}

}  // namespace atrium::storage
