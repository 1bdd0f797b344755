#include "storage/sqlite_connection.h"

#include <sqlite3.h>

namespace atrium::storage {

namespace {

/// For another process on the same file: as long as a person waits before he thinks that it hangs.
constexpr int kBusyTimeoutMs = 5000;

}  // namespace

SqliteConnection::SqliteConnection(const std::string& path, Access access)
    // One thread at a time uses a connection, so it needs no mutex of its own.
    : database_(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX, kBusyTimeoutMs) {
  execute("PRAGMA foreign_keys = ON");
  // A commit is on the disk before it is answered: in write-ahead mode NORMAL would leave that to the next checkpoint.
  execute("PRAGMA synchronous = FULL");
  if (access == Access::read_only) execute("PRAGMA query_only = ON");
}

SQLite::Statement& SqliteConnection::prepared(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    const std::string text(sql);
    found = statements_.try_emplace(text, database_, text).first;
  }
  return found->second;
}

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(database_.getHandle()) == 0; }

bool SqliteConnection::writable() const { return sqlite3_db_readonly(database_.getHandle(), "main") == 0; }

}  // namespace atrium::storage
