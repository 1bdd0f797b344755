#include "storage/sqlite_user_store.h"

#include "storage/sqlite_query.h"

namespace atrium::storage {

namespace {

std::optional<User> stored(SqliteConnection& db, const UserId& id) {
  SqliteQuery query(db, "SELECT id, name, email, created_at FROM users WHERE id = ?1", id);
  if (!query.next()) return std::nullopt;
  return User{UserId(query.text(0)), query.text(1), query.text(2), query.time(3)};
}

}  // namespace

Task<User> SqliteUserStore::ensure(User user) {
  if (user.created_at == WallTime{}) user.created_at = clock_.wall();
  return engine_.write([user = std::move(user)](SqliteConnection& db) {
    // Nothing that is already so is written: most users come back unchanged.
    SqliteQuery(db,
                "INSERT INTO users (id, name, email, created_at) VALUES (?1, ?2, ?3, ?4) "
                "ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email "
                "WHERE name <> excluded.name OR email <> excluded.email",
                user.id, user.name, user.email, user.created_at)
        .change();
    return *stored(db, user.id);
  });
}

Task<std::optional<User>> SqliteUserStore::find(UserId id) {
  return engine_.read([id = std::move(id)](SqliteConnection& db) { return stored(db, id); });
}

}  // namespace atrium::storage
