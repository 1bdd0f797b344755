#include "storage/sqlite_engine.h"

#include <spdlog/fmt/fmt.h>
#include <sqlite3.h>

#include <optional>

#include "storage/sqlite_schema.h"

namespace atrium::storage {

namespace {

/// History pages are short reads of what is mostly in memory: two keep one slow read from holding up the rest.
constexpr unsigned kReaders = 2;

std::string explain(const std::string& path, const SQLite::Exception& error) {
  switch (error.getErrorCode()) {
    case SQLITE_CANTOPEN:
      return fmt::format(
          "the database {} cannot be opened: its directory must exist, and this user must be allowed to read and "
          "write there",
          path);
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return fmt::format("the file {} is not an SQLite database, or is damaged: name another file, or restore a backup", path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return fmt::format("the database {} is held by another program: stop that one, or name another file", path);
    default:
      return fmt::format("the database {} cannot be used ({}): check the disk, or name another file", path, error.what());
  }
}

/// Opens what will be the writer's connection; none when all is well, else the whole sentence.
std::optional<std::string> prepare(SqliteConnection& connection, const std::string& path, bool in_memory) {
  if (!connection.writable()) {
    return fmt::format("the database {} may only be read: let this user write the file, or name another one", path);
  }
  if (const auto refusal = prepare_schema(connection)) return fmt::format("the database {} {}", path, *refusal);
  // Readers go on while the writer commits.
  if (!in_memory && connection.text("PRAGMA journal_mode = WAL") != "wal") {
    return fmt::format("the database {} cannot keep a write-ahead log: put it on a local disk", path);
  }
  return std::nullopt;
}

}  // namespace

Result<std::unique_ptr<SqliteEngine>, std::string> SqliteEngine::open(const std::string& path) {
  using Access = SqliteConnection::Access;
  std::unique_ptr<SqliteEngine> engine(new SqliteEngine);
  engine->in_memory_ = path == ":memory:";
  engine->path_ = path;
  try {
    engine->writer_connection_ = std::make_unique<SqliteConnection>(path, Access::read_write);
    if (auto refusal = prepare(*engine->writer_connection_, path, engine->in_memory_)) return std::move(*refusal);
    for (unsigned i = 0; !engine->in_memory_ && i < kReaders; ++i) {
      engine->reader_connections_.push_back(std::make_unique<SqliteConnection>(path, Access::read_only));
    }
  } catch (const SQLite::Exception& error) {
    return explain(path, error);
  }
  engine->writer_ = std::make_unique<SqliteWriter>(*engine->writer_connection_);
  if (!engine->in_memory_) engine->readers_ = std::make_unique<WorkerPool>(kReaders);
  return engine;
}

Task<bool> SqliteEngine::tidy() {
  if (in_memory_) co_return false;
  // By a connection of its own: the writer's is mostly within a transaction, the readers' may change nothing.
  auto work = [path = path_](unsigned) {
    try {
      SqliteConnection connection(path, SqliteConnection::Access::read_write);
      connection.execute("PRAGMA optimize");
      connection.execute("PRAGMA wal_checkpoint(PASSIVE)");
    } catch (const SQLite::Exception& error) {
      throw StoreUnavailable(error.what());
    }
    return true;
  };
  co_return co_await readers_->run(std::move(work));
}

void SqliteEngine::close() {
  if (readers_) readers_->close();
  if (writer_) writer_->close();
  // The last one to go folds the write-ahead log into the file.
  reader_connections_.clear();
  writer_connection_.reset();
}

}  // namespace atrium::storage
