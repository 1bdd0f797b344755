#include "storage/sqlite_connection.h"

#include <sqlite3.h>

#include <chrono>
#include <thread>

namespace atrium::storage {

namespace {

// For another process on the same file. Mostly it commits, and is done in a millisecond or two, which SQLite's own steps of 1, 2,
// 5, 10 ... milliseconds would find out late; in all as long as a person waits before he thinks that it hangs.
constexpr std::chrono::microseconds kShortStep(200);
constexpr int kShortSteps = 100;
constexpr std::chrono::milliseconds kLongStep(2);
constexpr int kLongSteps = 2500;

int wait_for_other(void*, int waited) {
  if (waited >= kShortSteps + kLongSteps) return 0;
  std::this_thread::sleep_for(waited < kShortSteps ? kShortStep : kLongStep);
  return 1;
}

}  // namespace

SqliteConnection::SqliteConnection(const std::string& path, Access access)
    // One thread at a time uses a connection, so it needs no mutex of its own.
    : database_(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX) {
  sqlite3_busy_handler(database_.getHandle(), wait_for_other, nullptr);
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
