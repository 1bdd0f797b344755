#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "storage/errand.h"
#include "storage/sqlite_connection.h"

namespace atrium::storage {

/// The one thread that changes an SQLite database. It commits what waits as one group, so that many changes share one
/// wait for the disk, and answers only then, in order: what was answered is durable. A group in which something throws is
/// undone and made again, each change in a commit of its own (docs/decisions/group-commit.md). Used from any shard; outlives
/// the coroutines that wait for it, and is closed before the shards are destroyed.
class SqliteWriter final {
 public:
  /// `connection` is the writer's alone until close().
  explicit SqliteWriter(SqliteConnection& connection, std::size_t queue_bound = kQueueBound);
  ~SqliteWriter() { close(); }
  SqliteWriter(const SqliteWriter&) = delete;
  SqliteWriter& operator=(const SqliteWriter&) = delete;

  /// Awaited on a shard, resumes there with what `work(SqliteConnection&)` returned. It may be done twice, and so changes
  /// nothing but the database. Work that throws leaves no trace and does not disturb its group. Throws StoreUnavailable when
  /// the database fails, when the change cannot be committed, when too much waits or when the writer is closed.
  template <class Work>
  auto run(Work work) {
    // Not mutable: neither is what it holds.
    return send_on_errand<SqliteConnection&>(
        queue_, [work = std::move(work)](SqliteConnection& connection) { return work(connection); });
  }

  /// How many changes wait for their group. Any thread.
  std::size_t waiting() const { return queue_.size(); }

  /// Finishes what was accepted and ends the thread; blocks meanwhile.
  void close();

 private:
  using Change = Errand<SqliteConnection&>;
  static constexpr std::size_t kQueueBound = 10'000;
  /// Enough to make the wait for the disk cheap, few enough that the first of a group does not wait long for the last.
  static constexpr std::size_t kGroup = 256;

  void work();
  void settle(std::vector<Change>& group);
  std::exception_ptr commit(std::span<Change> changes);
  void undo();
  void control(std::string_view sql);

  SqliteConnection& connection_;
  BoundedQueue<Change> queue_;
  std::thread thread_;
};

}  // namespace atrium::storage
