#pragma once

#include <functional>
#include <future>
#include <map>
#include <mutex>

#include "tests/support/socket_io_server.h"

namespace atrium::test {

/// A Socket.IO server whose main namespace a test gives handlers; it starts when the first client joins. Between the two ends
/// stand gates, at which handlers that are coroutines wait until the test opens them.
class HandlerServer final {
 public:
  explicit HandlerServer(socketio::ServerOptions options = {.shards = 1})
      : server_(std::move(options)), nsp(server_.io.of("/")) {}
  ~HandlerServer() { stop(); }

  SocketIoClient join(const std::string& name = "/", const std::string& auth = {}) {
    start();
    auto client = server_.connect();
    ids_.push_back(client.join(name, auth));
    return client;
  }
  void start() {
    if (!std::exchange(started_, true)) server_.start();
  }
  void stop() {
    server_.stop();
    const std::lock_guard lock(mutex_);
    gates_.clear();
  }
  SocketIoServer& server() { return server_; }
  socketio::Server& io() { return server_.io; }
  EventQueue& events() { return server_.events; }
  /// Of the client that joined as the n-th.
  const std::string& id(std::size_t n) const { return ids_.at(n); }

  /// For a handler: goes on when the test has opened the gate of that name.
  net::Pending<int> pass(const std::string& gate) {
    return net::Pending<int>([this, gate](auto done) {
      const std::lock_guard lock(mutex_);
      gates_[gate] = {net::Shard::current(), std::move(done)};
      server_.events.push("at " + gate);
    });
  }
  /// Opens the gate at which a handler waits; what goes on then has gone on as far as it can when this returns.
  void open(const std::string& gate) {
    Gate opened;
    {
      const std::lock_guard lock(mutex_);
      opened = std::move(gates_.at(gate));
      gates_.erase(gate);
    }
    on_shard(opened.shard->index(), [&] { opened.go_on(0); });
  }
  /// Runs `job` on a shard and waits for its end.
  void on_shard(std::size_t index, std::function<void()> job) {
    std::packaged_task<void()> task(std::move(job));
    auto done = task.get_future();
    io().shards()[index].post(std::move(task));
    done.get();
  }
  void settle() {
    for (int round = 0; round < 2; ++round) {
      for (std::size_t i = 0; i < io().shards().size(); ++i) on_shard(i, [] {});
    }
  }

 private:
  struct Gate {
    net::Shard* shard = nullptr;
    UniqueFunction<void(int)> go_on;
  };

  SocketIoServer server_;
  bool started_ = false;
  std::vector<std::string> ids_;
  std::mutex mutex_;
  std::map<std::string, Gate> gates_;

 public:
  socketio::Namespace& nsp;
};

}  // namespace atrium::test
