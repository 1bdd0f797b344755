#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engineio/engine.h"
#include "http/handler.h"
#include "http/http_connection.h"
#include "net/listener.h"
#include "net/shard_set.h"
#include "socketio/client_files.h"
#include "socketio/connection.h"
#include "socketio/namespace_table.h"
#include "socketio/server_options.h"

namespace atrium::socketio {

/// START READING HERE. A Socket.IO 5 server (Engine.IO 4 below it):
///
///     Server io({.path = "/socket.io"});
///     io.on_connection([](Socket& socket) { socket.emit("hello", "world"); });
///     if (auto port = io.listen({"0.0.0.0", 3000}); !port) std::cerr << port.error();
///     io.run();
///
/// Namespaces and handlers are set up first; run() then serves on one thread a shard, and every handler runs on the shard of
/// its socket. Owns everything that serves.
class Server final : public http::Handler {
 public:
  /// Throws std::invalid_argument, in words that say how to mend it, when the options make no sense.
  explicit Server(ServerOptions options = {});
  ~Server() override;

  // Before run().
  /// The namespace of that name, made when there is none.
  Namespace& of(std::string name) { return namespaces_.of(std::move(name)); }
  /// Namespaces whose names match, made when a client asks for one.
  ParentNamespace& of(const std::regex& pattern) { return namespaces_.of(pattern); }
  /// Namespaces that `decide` allows, made when a client asks for one.
  ParentNamespace& of(ParentNamespace::Decide decide) { return namespaces_.of(std::move(decide)); }
  /// Called for each namespace that is made from now on, and may add handlers: before the first socket and on the shard of
  /// that for one that a client has asked for, at once for one that of() makes.
  void on_new_namespace(NamespaceTable::OnNew handler) { namespaces_.on_new(std::move(handler)); }
  /// The main namespace, "/", which the calls below are short for.
  Namespace& sockets() { return main_; }
  void use(Middleware middleware) { main_.use(std::move(middleware)); }
  void on_connection(ConnectionHandler handler) { main_.on_connection(std::move(handler)); }
  template <class F>
  void on(const std::string& event, F handler) {
    main_.on(event, std::move(handler));
  }

  /// Who answers requests outside of `path`; without one they get 404. Outlives the server's run.
  void serve_http(http::Handler& handler) { http_ = &handler; }

  /// Binds and listens; several calls add several addresses: TCP and Unix sockets, with TLS and without (see net::Address).
  /// Returns the port, which is 0 for a Unix socket. The error is a sentence for the person who chose the address. Before
  /// run().
  Result<std::uint16_t, std::string> listen(const net::Address& address);

  /// Serves until stop(); the calling thread becomes the first shard.
  void run();
  /// Any thread. From now on new clients are answered 503 with Retry-After; those who are connected stay, and may change their
  /// transport.
  void turn_away() { turning_away_ = true; }
  /// Any thread. Disconnects everyone ("server shutting down"), then ends run(): of one of several nodes not before the others
  /// have recovered the clients whom it has disconnected, or after `handover`. Once.
  void stop(Duration handover = Duration::zero());

  // Any thread: to everybody in the main namespace.
  Emitter to(std::string room) const { return main_.to(std::move(room)); }
  Emitter in(std::string room) const { return main_.in(std::move(room)); }
  Emitter except(std::string room) const { return main_.except(std::move(room)); }
  template <class... Args>
  void emit(std::string_view event, const Args&... args) const {
    main_.emit(event, args...);
  }

  /// The namespaces that there are now, children of dynamic ones included. Any thread.
  std::vector<std::shared_ptr<Namespace>> namespaces() const { return namespaces_.all(); }
  std::shared_ptr<Namespace> find(const std::string& name) const { return namespaces_.find(name); }

  const ServerOptions& options() const { return options_; }
  net::ShardSet& shards() { return shards_; }
  const Clock& clock() const { return clock_; }
  /// How many clients are connected to `shard`; on that shard.
  std::size_t client_count(const net::Shard& shard) const { return engine_.session_count(shard); }

  void handle(std::shared_ptr<http::Exchange> exchange) override;

 private:
  std::shared_ptr<NamespaceCore> make_core(std::string name);
  bool is_handed_over() const;
  /// On the first shard: ends run() once it is, or then.
  void end_after_handover(TimePoint then);

  const ServerOptions options_;
  SystemClock clock_;
  net::ShardSet shards_;
  NamespaceTable namespaces_;
  Namespace& main_;
  const Connection::Options connection_options_;
  http::Handler* http_ = nullptr;
  std::atomic<bool> turning_away_ = false;
  engineio::Engine engine_;
  std::unique_ptr<const ClientFiles> client_files_;  ///< null: not served
  std::vector<std::unique_ptr<net::Listener>> listeners_;
  std::unique_ptr<net::Deadline> next_look_;  ///< the first shard's, at how many clients were handed over
};

}  // namespace atrium::socketio
