#include "storage/sqlite_schema.h"

#include <spdlog/fmt/fmt.h>

#include <array>
#include <cstdint>

namespace atrium::storage {

namespace {

/// "Atri": tells our files from any other SQLite database (PRAGMA application_id).
constexpr std::int64_t kApplicationId = 0x41747269;

// Times are milliseconds since 1970 in UTC. created_by and sender_id name users that need not exist here any more.
constexpr const char* kTables = R"(
CREATE TABLE users (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE workspaces (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, slug TEXT NOT NULL UNIQUE, created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE workspace_members (
  workspace_id TEXT NOT NULL REFERENCES workspaces(id),
  user_id TEXT NOT NULL REFERENCES users(id),
  role TEXT NOT NULL CHECK (role IN ('member', 'admin')),
  PRIMARY KEY (workspace_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX workspace_members_by_user ON workspace_members(user_id);

CREATE TABLE channels (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspaces(id),
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  type TEXT NOT NULL CHECK (type IN ('public', 'private', 'direct')),
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_seq INTEGER NOT NULL DEFAULT 0,
  UNIQUE (workspace_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE channel_members (
  channel_id TEXT NOT NULL REFERENCES channels(id),
  user_id TEXT NOT NULL REFERENCES users(id),
  PRIMARY KEY (channel_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_members_by_user ON channel_members(user_id);

CREATE TABLE messages (
  id TEXT NOT NULL PRIMARY KEY,
  channel_id TEXT NOT NULL REFERENCES channels(id),
  seq INTEGER NOT NULL,
  sender_id TEXT NOT NULL,
  sender_name TEXT NOT NULL,
  content TEXT NOT NULL,
  client_msg_id TEXT NOT NULL,
  rev INTEGER NOT NULL,
  edited INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX messages_by_seq ON messages(channel_id, seq);
CREATE UNIQUE INDEX messages_by_client_id ON messages(sender_id, client_msg_id) WHERE client_msg_id <> '';
)";

// When a user was seen last (0: never), and how he wants to be shown ('': as he is) until when (0: for good). Not in users, so
// that those who come and go do not write beside those who change their name.
constexpr const char* kPresence = R"(
CREATE TABLE user_presence (
  user_id TEXT PRIMARY KEY,
  last_seen INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL DEFAULT '',
  until INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
)";

/// The script at i brings a database of version i to version i + 1 (PRAGMA user_version).
constexpr std::array kMigrations = {kTables, kPresence};
constexpr std::int64_t kVersion = kMigrations.size();

}  // namespace

std::optional<std::string> prepare_schema(SqliteConnection& connection) {
  const std::int64_t application = connection.number("PRAGMA application_id");
  const std::int64_t version = connection.number("PRAGMA user_version");
  const bool empty = connection.number("SELECT count(*) FROM sqlite_schema") == 0;
  if (application != kApplicationId && !(application == 0 && empty)) {
    return "belongs to another program: name a new file";
  }
  if (version > kVersion) {
    return fmt::format("was written by a newer Atrium (schema {}, this one knows {}): run that one, or name another file",
                       version, kVersion);
  }
  // Read without a lock above; another process that starts now waits here and finds nothing left to do.
  connection.execute("BEGIN IMMEDIATE");
  try {
    for (std::int64_t at = connection.number("PRAGMA user_version"); at < kVersion; ++at) connection.execute(kMigrations[at]);
    connection.execute(fmt::format("PRAGMA application_id = {}", kApplicationId));
    connection.execute(fmt::format("PRAGMA user_version = {}", kVersion));
    connection.execute("COMMIT");
  } catch (...) {
    if (connection.in_transaction()) connection.execute("ROLLBACK");
    throw;
  }
  return std::nullopt;
}

}  // namespace atrium::storage
