#pragma once

#include <SQLiteCpp/Exception.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "base/task.h"
#include "storage/engine.h"
#include "storage/sqlite_connection.h"
#include "storage/sqlite_writer.h"
#include "storage/store_error.h"
#include "storage/worker_pool.h"

namespace atrium::storage {

/// An open SQLite database as the stores use it: pieces of work on a connection, away from the shards. A file has one
/// writer and two readers beside it; a database in memory has but one connection, so its readers wait in the writer's
/// line. Used from any shard; outlives the coroutines that wait for it, and is closed before the shards are destroyed.
class SqliteEngine final : public Engine {
 public:
  /// `path`: a file, or ":memory:". The error is one sentence that says how to mend it.
  static Result<std::unique_ptr<SqliteEngine>, std::string> open(const std::string& path);
  ~SqliteEngine() override { close(); }

  /// Awaited on a shard, resumes there with what `work(SqliteConnection&)` returned. A failure of the database is
  /// StoreError::unavailable where the answer can hold one, else StoreUnavailable is thrown. `work` owns what it needs and
  /// leaves it as it is: it may be done twice.
  template <class Work>
  auto read(Work work) {
    if (in_memory_) return write(std::move(work));
    return with_refusal(
        readers_->run([this, work = std::move(work)](unsigned reader) { return reading(*reader_connections_[reader], work); }));
  }
  template <class Work>
  auto write(Work work) {
    return with_refusal(writer_->run(std::move(work)));
  }

  std::size_t waiting() const override { return writer_->waiting(); }
  /// Folds the write-ahead log into the file as far as nobody has to wait for that, and brings the planner's figures up to
  /// date. False: there is no file.
  Task<bool> tidy() override;
  void close() override;

 private:
  SqliteEngine() = default;

  template <class Work>
  static auto reading(SqliteConnection& connection, const Work& work) {
    try {
      return work(connection);
    } catch (const SQLite::Exception& error) {
      throw StoreUnavailable(error.what());
    }
  }

  template <class Answer>
  static Task<Answer> with_refusal(Task<Answer> task) {
    return task;
  }
  template <class Value>
  static Task<Result<Value, StoreError>> with_refusal(Task<Result<Value, StoreError>> task) {
    try {
      co_return co_await task;
    } catch (const StoreUnavailable& error) {
      log::debug("storage: refused: {}", error.what());
    }
    co_return StoreError::unavailable;
  }

  bool in_memory_ = false;
  std::string path_;
  std::unique_ptr<SqliteConnection> writer_connection_;
  std::vector<std::unique_ptr<SqliteConnection>> reader_connections_;
  std::unique_ptr<SqliteWriter> writer_;
  std::unique_ptr<WorkerPool> readers_;  ///< none in memory
};

}  // namespace atrium::storage
