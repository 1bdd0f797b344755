#pragma once

#include <future>
#include <map>
#include <mutex>
#include <string>

#include "tests/support/recovering_client.h"

namespace atrium::test {

/// A server with connection state recovery whose main namespace writes down who comes and goes: "connect new", "connect
/// recovered", "disconnect <reason>". Connections are dealt to its shards in turn, from the first one on.
class RecoveryServer final {
 public:
  explicit RecoveryServer(unsigned shards = 1, socketio::RecoveryOptions recovery = {}, socketio::ServerOptions options = {})
      : server_(with(std::move(options), shards, recovery)), nsp(server_.io.of("/")) {
    nsp.on_connection([this](socketio::Socket& socket) {
      {
        const std::lock_guard lock(mutex_);
        sockets_[socket.id()] = socket.shared_from_this();
      }
      server_.events.push(socket.recovered() ? "connect recovered" : "connect new");
    });
    nsp.on_disconnect([this](socketio::Socket&, socketio::DisconnectReason reason) {
      server_.events.push("disconnect " + std::string(to_string(reason)));
    });
  }
  ~RecoveryServer() { stop(); }

  void start() { server_.start(); }
  void stop() {
    server_.stop();
    const std::lock_guard lock(mutex_);
    sockets_.clear();
  }
  SocketIoServer& server() { return server_; }
  socketio::Server& io() { return server_.io; }
  RecoveringClient client(std::string in = "/") { return RecoveringClient(server_, std::move(in)); }
  std::string next_event() { return server_.events.next(); }
  bool quiet() { return server_.events.empty(); }

  /// Runs `job` on a shard and waits for its end.
  void on_shard(std::size_t index, std::function<void()> job) {
    std::packaged_task<void()> task(std::move(job));
    auto done = task.get_future();
    io().shards()[index].post(std::move(task));
    done.get();
  }
  /// Runs `job(Socket&)` with the latest socket of that id, on its shard.
  void on_socket(const std::string& sid, std::function<void(socketio::Socket&)> job) {
    std::shared_ptr<socketio::Socket> socket;
    {
      const std::lock_guard lock(mutex_);
      socket = sockets_.at(sid);
    }
    on_shard(socket->shard().index(), [&] { job(*socket); });
  }
  /// What was posted until now has arrived on all shards.
  void settle() {
    for (int round = 0; round < 2; ++round) {
      for (std::size_t i = 0; i < io().shards().size(); ++i) on_shard(i, [] {});
    }
  }
  /// Says it to everybody, from the given shard, and waits until it has arrived everywhere.
  template <class... Args>
  void emit_from(std::size_t shard, const Args&... args) {
    on_shard(shard, [&] { nsp.emit(args...); });
    settle();
  }
  /// The client's connection breaks, and the server has seen it.
  void lose(RecoveringClient& client) {
    client.lose();
    const std::string event = next_event();
    if (event != "disconnect transport close") throw std::runtime_error("no loss but " + event);
  }
  /// The client comes for the first time.
  RecoveringClient join() {
    RecoveringClient client(server_);
    client.connect();
    const std::string event = next_event();
    if (event != "connect new") throw std::runtime_error("not connected but " + event);
    return client;
  }

 private:
  static socketio::ServerOptions with(socketio::ServerOptions options, unsigned shards, socketio::RecoveryOptions recovery) {
    options.shards = shards;
    options.connection_state_recovery = recovery;
    return options;
  }

  SocketIoServer server_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<socketio::Socket>> sockets_;

 public:
  socketio::Namespace& nsp;
};

}  // namespace atrium::test
