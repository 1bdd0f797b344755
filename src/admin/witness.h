#pragma once

#include <string>

#include "admin/data_watch.h"
#include "admin/onlookers.h"
#include "socketio/server.h"

namespace atrium::admin {

/// Sees what happens in namespaces and says so in the admin namespace: who comes and goes, joins and leaves, says and hears
/// what. What happens in the admin namespace itself is told too, but for events, which would tell of themselves.
class Witness final {
 public:
  /// Both outlive it.
  Witness(const Onlookers& onlookers, DataWatch& data) : onlookers_(onlookers), data_(data) {}

  /// Before the server starts, or before the first socket of `nsp`. Outlives the server's run.
  void watch(socketio::Namespace& nsp);

 private:
  void watch_rooms(socketio::Namespace& nsp);
  void watch_events(socketio::Namespace& nsp);
  void on_connection(socketio::Socket& socket, socketio::NamespaceCore& core) const;
  void on_upgrade(socketio::Socket& socket) const;

  const Onlookers& onlookers_;
  DataWatch& data_;
};

}  // namespace atrium::admin
