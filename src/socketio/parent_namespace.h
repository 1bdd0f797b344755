#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "socketio/namespace.h"

namespace atrium::socketio {

/// Namespaces that come into being when a client asks for a name that suits: `io.of(std::regex("/room-\\d+"))`. What is set up
/// here is what every child begins with; emit() reaches the sockets of all children.
class ParentNamespace final {
 public:
  /// Says whether clients may have a namespace of that name; calls `allow` once, at once or later, on the same shard.
  using Decide = std::function<void(const std::string& name, const json::object& auth, std::function<void(bool)> allow)>;

  ParentNamespace(std::shared_ptr<NamespaceCore> pattern, Decide decide)
      : pattern_(std::move(pattern)), decide_(std::move(decide)) {}

  // Before the server starts: as for a Namespace, for every child.
  void use(Middleware middleware) { pattern_.use(std::move(middleware)); }
  void on_connection(ConnectionHandler handler) { pattern_.on_connection(std::move(handler)); }
  template <class F>
  void on(const std::string& event, F handler) {
    pattern_.on(event, std::move(handler));
  }
  void on_disconnect(DisconnectHandler handler) { pattern_.on_disconnect(std::move(handler)); }
  void on_disconnecting(DisconnectHandler handler) { pattern_.on_disconnecting(std::move(handler)); }
  /// For everything else that a namespace can be told; none of its own sockets exist.
  Namespace& children() { return pattern_; }

  /// Any thread. To everybody in every child.
  template <class... Args>
  void emit(std::string_view event, const Args&... args) const {
    send(Outgoing::of(event, args...));
  }
  void send(const Outgoing& event) const;

  // For the table of namespaces.
  const Decide& decide() const { return decide_; }
  void adopt(const std::shared_ptr<Namespace>& child);
  void abandon(const Namespace& child);

 private:
  Namespace pattern_;
  const Decide decide_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Namespace>> children_;  ///< guarded by mutex_
};

}  // namespace atrium::socketio
