#include "storage/sqlite_writer.h"

#include <SQLiteCpp/Exception.h>

#include "base/log.h"
#include "storage/sqlite_query.h"

namespace atrium::storage {

SqliteWriter::SqliteWriter(SqliteConnection& connection, std::size_t queue_bound)
    : connection_(connection), queue_(queue_bound), thread_([this] { work(); }) {}

void SqliteWriter::close() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

void SqliteWriter::work() {
  std::vector<Change> group;
  while (queue_.take(group, kGroup)) {
    settle(group);
    group.clear();
  }
}

void SqliteWriter::settle(std::vector<Change>& group) {
  if (!commit(group)) {
    for (Change& change : group) change.done(nullptr);
    return;
  }
  for (Change& change : group) change.done(commit({&change, 1}));
}

/// Null when the changes are durable; else why none of them is made.
std::exception_ptr SqliteWriter::commit(std::span<Change> changes) {
  std::exception_ptr failure;
  try {
    control("BEGIN IMMEDIATE");
    for (Change& change : changes) change.work(connection_);
    control("COMMIT");
    return nullptr;
  } catch (const SQLite::Exception& error) {
    if (changes.size() == 1) log::error("storage: a change failed: {}", error.what());
    failure = std::make_exception_ptr(StoreUnavailable(error.what()));
  } catch (...) {
    failure = std::current_exception();
  }
  undo();
  return failure;
}

/// A full disk, for one, has undone everything already.
void SqliteWriter::undo() {
  try {
    if (connection_.in_transaction()) control("ROLLBACK");
  } catch (const SQLite::Exception& error) {
    log::error("storage: a change cannot be undone: {}", error.what());
  }
}

void SqliteWriter::control(std::string_view sql) { SqliteQuery(connection_, sql).change(); }

}  // namespace atrium::storage
