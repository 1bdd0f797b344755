#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socketio/emitter.h"

namespace atrium::socketio {

/// A socket that may be on another shard or node: what is known about it, and what can be asked of it from afar. A value; any
/// thread. Borrows from its namespace, which outlives it.
class RemoteSocket final {
 public:
  RemoteSocket(NamespaceCore& core, SocketInfo info) : core_(&core), info_(std::move(info)) {}

  const std::string& id() const { return info_.id; }
  const std::vector<std::string>& rooms() const { return info_.rooms; }
  /// A copy, as of the asking.
  const json::object& data() const { return info_.data; }
  const SocketInfo& info() const { return info_; }

  template <class... Args>
  void emit(std::string_view event, const Args&... args) const {
    it().emit(event, args...);
  }
  /// The answers hold one, or none.
  template <class... Args>
  net::Pending<AckAnswers> emit_with_ack(Duration timeout, std::string_view event, const Args&... args) const {
    return it().timeout(timeout).emit_with_ack(event, args...);
  }
  void join(std::string room) const { it().sockets_join(std::move(room)); }
  void leave(std::string room) const { it().sockets_leave(std::move(room)); }
  void disconnect(Close close = Close::namespace_only) const { it().disconnect_sockets(close); }

 private:
  Emitter it() const { return Emitter(*core_, {.rooms = {info_.id}, .except = {}}); }

  NamespaceCore* core_;
  SocketInfo info_;
};

}  // namespace atrium::socketio
