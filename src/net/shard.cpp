#include "net/shard.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/connection.h"

namespace atrium::net {

namespace {
thread_local Shard* this_threads_shard = nullptr;
}

struct Shard::Timer {
  explicit Timer(boost::asio::io_context& io) : timer(io) {}
  boost::asio::steady_timer timer;
  std::optional<TimePoint> armed_for;
};

Shard::Shard(unsigned index, const Clock& clock)
    : index_(index),
      io_(std::make_unique<boost::asio::io_context>(1)),
      deadlines_(clock),
      timer_(std::make_unique<Timer>(*io_)),
      receive_buffer_(std::make_unique<char[]>(kReceiveBuffer)) {}

Shard::~Shard() = default;

Shard* Shard::current() { return this_threads_shard; }

void Shard::post(UniqueFunction<void()> job) {
  {
    const std::lock_guard lock(mailbox_mutex_);
    mailbox_.push_back(std::move(job));
    if (awake_ || stopped_) return;
    awake_ = true;
  }
  // Only wakes the loop: the mailbox itself is emptied once a turn.
  boost::asio::post(*io_, [] {});
}

void Shard::run() {
  this_threads_shard = this;
  const auto keep_running = boost::asio::make_work_guard(*io_);
  const auto stopped = [this] {
    const std::lock_guard lock(mailbox_mutex_);
    return stopped_;
  };
  while (!stopped()) {
    io_->run_one();
    for (int i = 1; i < kHandlersPerTurn && io_->poll_one() > 0; ++i) {
    }
    run_mailbox();
    deadlines_.expire();
    flush_dirty();
    arm_timer();
  }
  close_all();
  this_threads_shard = nullptr;
}

bool Shard::finish() {
  this_threads_shard = this;
  const bool busy = run_mailbox();
  close_all();
  this_threads_shard = nullptr;
  return busy;
}

void Shard::stop() {
  post([this] {
    const std::lock_guard lock(mailbox_mutex_);
    stopped_ = true;
  });
}

bool Shard::run_mailbox() {
  std::vector<UniqueFunction<void()>> jobs;
  {
    const std::lock_guard lock(mailbox_mutex_);
    awake_ = false;
    jobs.swap(mailbox_);
  }
  for (auto& job : jobs) job();
  return !jobs.empty();
}

void Shard::flush_dirty() {
  // Ending a connection may make another one write: go on until all is quiet.
  while (!dirty_.empty()) {
    std::vector<std::shared_ptr<Connection>> turn;
    turn.swap(dirty_);
    for (auto& connection : turn) connection->end_turn();
    if (dirty_.empty()) {
      turn.clear();
      dirty_.swap(turn);
    }
  }
}

void Shard::arm_timer() {
  const auto next = deadlines_.next();
  if (!next || next == timer_->armed_for) return;
  timer_->armed_for = next;
  timer_->timer.expires_at(std::chrono::time_point_cast<std::chrono::steady_clock::duration>(*next));
  timer_->timer.async_wait([this](const boost::system::error_code& error) {
    // The turn that runs this handler expires the deadlines.
    if (!error) timer_->armed_for.reset();
  });
}

void Shard::add(std::shared_ptr<Connection> connection) {
  connection->shard_slot_ = connections_.size();
  connections_.push_back(std::move(connection));
}

void Shard::remove(Connection& connection) {
  const std::size_t slot = connection.shard_slot_;
  std::swap(connections_[slot], connections_.back());
  connections_[slot]->shard_slot_ = slot;
  connections_.pop_back();
}

void Shard::close_all() {
  const auto open = connections_;
  for (const auto& connection : open) connection->close();
  flush_dirty();
  for (const auto& connection : open) connection->abort(CloseCause::by_us);
  flush_dirty();
}

}  // namespace atrium::net
