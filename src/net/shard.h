#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/unique_function.h"
#include "net/deadline_queue.h"

namespace boost::asio {
class io_context;
}

namespace atrium::net {

class Connection;

/// One thread and all that lives on it: its event loop, its connections, its deadlines. Shards share nothing but immutable
/// things; whatever must reach another shard is posted to it. Built before the threads start, destroyed after they ended.
class Shard final {
 public:
  Shard(unsigned index, const Clock& clock);
  ~Shard();
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  /// The shard whose thread this is; null on any other thread.
  static Shard* current();

  unsigned index() const { return index_; }

  /// Any thread. Runs `job` on this shard's thread, in the order of posting; after that has ended, in finish().
  void post(UniqueFunction<void()> job);
  /// Runs `job` now when this is the calling shard, else posts it. Order is kept among calls from one shard.
  template <class Job>
  void dispatch(Job&& job) {
    if (current() == this) {
      job();
    } else {
      post(std::forward<Job>(job));
    }
  }

  DeadlineQueue& deadlines() { return deadlines_; }
  const Clock& clock() const { return deadlines_.clock(); }

  /// The calling thread becomes this shard's until stop(). Connections that are open then are closed.
  void run();
  /// Any thread.
  void stop();
  /// After run(): the calling thread becomes this shard's for a moment, and does what has been posted since. False: there was
  /// nothing.
  bool finish();

  // For the connections and listeners of this floor.
  boost::asio::io_context& io() { return *io_; }
  /// One buffer for every read of the shard, so that an idle connection owns none.
  std::span<char> receive_buffer() { return {receive_buffer_.get(), kReceiveBuffer}; }
  /// `connection` has something to write or to end at the end of this loop turn.
  void mark_dirty(std::shared_ptr<Connection> connection) { dirty_.push_back(std::move(connection)); }
  void add(std::shared_ptr<Connection> connection);
  void remove(Connection& connection);
  std::size_t connection_count() const { return connections_.size(); }

 private:
  static constexpr std::size_t kReceiveBuffer = 64 * 1024;
  static constexpr int kHandlersPerTurn = 256;  ///< bounds how long a written message waits for the end of the turn

  /// False: there was nothing in it.
  bool run_mailbox();
  void flush_dirty();
  void arm_timer();
  void close_all();

  const unsigned index_;
  std::unique_ptr<boost::asio::io_context> io_;
  DeadlineQueue deadlines_;
  struct Timer;
  std::unique_ptr<Timer> timer_;
  std::unique_ptr<char[]> receive_buffer_;
  std::vector<std::shared_ptr<Connection>> dirty_;
  std::vector<std::shared_ptr<Connection>> connections_;

  std::mutex mailbox_mutex_;
  std::vector<UniqueFunction<void()>> mailbox_;
  bool awake_ = false;    ///< guarded by mailbox_mutex_: a wake-up is on its way
  bool stopped_ = false;  ///< guarded by mailbox_mutex_
};

}  // namespace atrium::net
