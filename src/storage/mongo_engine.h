#pragma once

#include <mongoc/mongoc.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "base/task.h"
#include "storage/engine.h"
#include "storage/mongo_connection.h"
#include "storage/mongo_outage.h"
#include "storage/store_error.h"
#include "storage/worker_pool.h"

namespace atrium::storage {

/// A MongoDB as the stores use it: pieces of work on a connection, away from the shards, for the driver blocks. What must
/// keep an order stands in a line of its own thread, the same for the same key; the rest is done by whoever is free.
class MongoEngine final : public Engine {
 public:
  /// Waits for the server, and makes what is missing of the indexes. The error is one sentence that says how to mend it, and
  /// tells nothing of the url but the hosts.
  static Result<std::unique_ptr<MongoEngine>, std::string> open(const std::string& url);
  ~MongoEngine() override { close(); }

  /// Awaited on a shard, resumes there with what `work(MongoConnection&)` returned. A failure of the database is
  /// StoreError::unavailable where the answer can hold one, else StoreUnavailable is thrown.
  template <class Work>
  auto run(Work work) {
    return with_refusal(
        free_->run([this, work = std::move(work)](unsigned worker) { return attempt(*free_connections_[worker], work); }));
  }
  /// The same, begun when all earlier work of this key has been done, and answered in that order.
  template <class Work>
  auto run_in_line(std::string_view key, Work work) {
    return run_in(std::hash<std::string_view>{}(key) % kLines, std::move(work));
  }
  /// Answers once everything has been answered that was begun in any line before. Always true.
  Task<bool> pass_all_lines();

  std::size_t waiting() const override;
  Task<bool> tidy() override;
  void close() override;

 private:
  using Connections = std::vector<std::unique_ptr<MongoConnection>>;
  struct DestroyPool {
    void operator()(mongoc_client_pool_t* pool) const { mongoc_client_pool_destroy(pool); }
  };

  /// Enough to keep a server busy while each waits for its replicas; a channel is written by one of them.
  static constexpr unsigned kLines = 8;
  static constexpr unsigned kFree = 4;

  MongoEngine(std::unique_ptr<mongoc_client_pool_t, DestroyPool> pool, std::string database);
  void start();

  template <class Work>
  auto run_in(std::size_t line, Work work) {
    return with_refusal(
        lines_[line]->run([this, line, work = std::move(work)](unsigned) { return attempt(*line_connections_[line], work); }));
  }

  /// Whoever comes while the server is away is refused at once, or else each would wait in line for those before him to wait.
  template <class Work>
  auto attempt(MongoConnection& connection, const Work& work) {
    if (outage_->lasts()) throw StoreUnavailable("the MongoDB does not answer");
    try {
      return work(connection);
    } catch (const StoreUnavailable& error) {
      note_failure(connection.take_failure(), error.what());
      throw;
    }
  }
  void note_failure(MongoFailure failure, const char* why);

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

  const std::unique_ptr<mongoc_client_pool_t, DestroyPool> pool_;
  const std::string database_;
  Connections line_connections_;
  Connections free_connections_;
  std::unique_ptr<MongoOutage> outage_;
  std::vector<std::unique_ptr<WorkerPool>> lines_;
  std::unique_ptr<WorkerPool> free_;
};

}  // namespace atrium::storage
