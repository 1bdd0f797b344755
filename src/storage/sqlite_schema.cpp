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

// An address belongs to one account; whoever came with a token of somebody else's may have any. own_profile and the times of
// what has not happened yet are 0.
constexpr const char* kAccounts = R"(
ALTER TABLE users ADD COLUMN first_name TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN last_name TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN role TEXT NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'superadmin'));
ALTER TABLE users ADD COLUMN active INTEGER NOT NULL DEFAULT 1;
ALTER TABLE users ADD COLUMN own_profile INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN last_login_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN password_hash TEXT NOT NULL DEFAULT '';
CREATE INDEX users_by_email ON users(lower(email));
CREATE UNIQUE INDEX accounts_by_email ON users(lower(email)) WHERE password_hash <> '';

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users(id),
  device TEXT NOT NULL,
  address TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions(user_id, last_used_at);
CREATE INDEX sessions_by_end ON sessions(expires_at);

CREATE TABLE refresh_tokens (
  hash TEXT PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  generation INTEGER NOT NULL,
  rotated_at INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX refresh_tokens_by_session ON refresh_tokens(session_id, generation);
)";

/// Changes are counted beside messages, mentions are kept, and so is how far each user has read. What is unread is counted
/// by the two indexes on messages, from the reader's marker on: his own messages there, and the deleted ones.
constexpr const char* kChangesAndReads = R"(
ALTER TABLE channels ADD COLUMN mod_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN mod_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN created_mod_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN mentions TEXT NOT NULL DEFAULT '';
UPDATE channels SET mod_seq = last_seq;
UPDATE messages SET mod_seq = seq, created_mod_seq = seq;
CREATE UNIQUE INDEX messages_by_mod_seq ON messages(channel_id, mod_seq);
CREATE INDEX messages_by_sender ON messages(channel_id, sender_id, seq) WHERE deleted = 0;
CREATE INDEX messages_deleted ON messages(channel_id, seq) WHERE deleted = 1;
CREATE INDEX users_by_name ON users(name COLLATE NOCASE);

CREATE TABLE channel_reads (
  user_id TEXT NOT NULL,
  channel_id TEXT NOT NULL REFERENCES channels(id) ON DELETE CASCADE,
  read_seq INTEGER NOT NULL,
  PRIMARY KEY (user_id, channel_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_reads_by_channel ON channel_reads(channel_id);
)";

// What workspaces tell of themselves, and since when somebody is in one: where that was not kept, since he is here.
constexpr const char* kWorkspaceProfiles = R"(
ALTER TABLE workspaces ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE workspaces ADD COLUMN logo_url TEXT NOT NULL DEFAULT '';
ALTER TABLE workspaces ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE workspace_members ADD COLUMN joined_at INTEGER NOT NULL DEFAULT 0;
UPDATE workspaces SET created_at = coalesce((SELECT min(c.created_at) FROM channels c WHERE c.workspace_id = workspaces.id), 0);
UPDATE workspace_members SET joined_at = (SELECT u.created_at FROM users u WHERE u.id = workspace_members.user_id);
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
constexpr std::array kMigrations = {kTables, kAccounts, kChangesAndReads, kWorkspaceProfiles, kPresence};
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
