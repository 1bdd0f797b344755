#include "storage/sqlite_presence_store.h"

#include "storage/sqlite_query.h"

namespace atrium::storage {

namespace {

constexpr WallTime kNever{};  ///< stands for no time at all

}  // namespace

Task<std::size_t> SqlitePresenceStore::save_last_seen(std::vector<LastSeen> users) {
  return engine_.write([users = std::move(users)](SqliteConnection& db) {
    std::size_t changed = 0;
    for (const LastSeen& seen : users) {
      changed += SqliteQuery(db,
                             "INSERT INTO user_presence (user_id, last_seen) VALUES (?1, ?2) ON CONFLICT (user_id) "
                             "DO UPDATE SET last_seen = excluded.last_seen WHERE last_seen < excluded.last_seen",
                             seen.user, seen.at)
                     .change();
    }
    return changed;
  });
}

Task<std::map<UserId, WallTime>> SqlitePresenceStore::last_seen(std::vector<UserId> users) {
  return engine_.read([users = std::move(users)](SqliteConnection& db) {
    std::map<UserId, WallTime> seen;
    for (const UserId& user : users) {
      SqliteQuery query(db, "SELECT last_seen FROM user_presence WHERE user_id = ?1", user);
      if (query.next() && query.time(0) != kNever) seen.emplace(user, query.time(0));
    }
    return seen;
  });
}

Task<bool> SqlitePresenceStore::choose(ChosenStatus choice) {
  return engine_.write([choice = std::move(choice)](SqliteConnection& db) {
    return SqliteQuery(db,
                       "INSERT INTO user_presence (user_id, status, until) VALUES (?1, ?2, ?3) ON CONFLICT (user_id) "
                       "DO UPDATE SET status = excluded.status, until = excluded.until",
                       choice.user, choice.status, choice.until.value_or(kNever))
               .change() > 0;
  });
}

Task<std::vector<ChosenStatus>> SqlitePresenceStore::choices(WallTime now) {
  return engine_.read([now](SqliteConnection& db) {
    SqliteQuery query(db,
                      "SELECT user_id, status, until FROM user_presence "
                      "WHERE status <> '' AND (until = 0 OR until > ?1) ORDER BY user_id",
                      now);
    std::vector<ChosenStatus> choices;
    while (query.next()) {
      ChosenStatus choice{.user = UserId(query.text(0)), .status = query.text(1), .until = {}};
      if (query.time(2) != kNever) choice.until = query.time(2);
      choices.push_back(std::move(choice));
    }
    return choices;
  });
}

}  // namespace atrium::storage
