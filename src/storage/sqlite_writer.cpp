#include "storage/sqlite_writer.h"

#include <SQLiteCpp/Exception.h>

#include <string>

#include "base/log.h"
#include "storage/sqlite_query.h"

namespace atrium::storage {

namespace {

std::exception_ptr unavailable(const std::string& what) { return std::make_exception_ptr(StoreUnavailable(what)); }

}  // namespace

SqliteWriter::SqliteWriter(SqliteConnection& connection, std::size_t queue_bound)
    : connection_(connection), queue_(queue_bound), thread_([this] { work(); }) {}

void SqliteWriter::close() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

void SqliteWriter::work() {
  std::vector<Change> group;
  while (queue_.take(group, kGroup)) {
    commit(group);
    group.clear();
  }
}

void SqliteWriter::commit(std::vector<Change>& group) {
  std::vector<std::exception_ptr> outcomes;
  try {
    control("BEGIN IMMEDIATE");
    for (Change& change : group) outcomes.push_back(attempt(change));
    control("COMMIT");
  } catch (const SQLite::Exception& error) {
    log::error("storage: {} changes are lost: {}", group.size(), error.what());
    outcomes.assign(group.size(), unavailable(error.what()));
    try {
      if (connection_.in_transaction()) control("ROLLBACK");
    } catch (const SQLite::Exception& second) {
      log::error("storage: the changes cannot be undone: {}", second.what());
    }
  }
  for (std::size_t i = 0; i < group.size(); ++i) group[i].done(std::move(outcomes[i]));
}

/// Null when the change is made; else what it came to, undone. Throws when the whole group is lost with it.
std::exception_ptr SqliteWriter::attempt(Change& change) {
  control("SAVEPOINT change");
  std::exception_ptr failure;
  try {
    change.work(connection_);
  } catch (const SQLite::Exception& error) {
    // A full disk, for one, undoes the transaction, and with it those of the group before this one.
    if (!connection_.in_transaction()) throw;
    log::error("storage: a change failed: {}", error.what());
    failure = unavailable(error.what());
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) control("ROLLBACK TO change");
  control("RELEASE change");
  return failure;
}

void SqliteWriter::control(std::string_view sql) { SqliteQuery(connection_, sql).change(); }

}  // namespace atrium::storage
