#include "socketio/namespace.h"

#include <stdexcept>

#include "socketio/guarded.h"

namespace atrium::socketio {

namespace {

/// Servers say these among themselves.
void check_server_side_name(std::string_view event) {
  if (event == "connect" || event == "connection" || event == "new_namespace") {
    throw std::logic_error("the event name '" + std::string(event) + "' is reserved between servers; choose another");
  }
}

}  // namespace

Namespace::Namespace(std::shared_ptr<NamespaceCore> core)
    : core_(std::move(core)), room_events_(core_->shards, *core_->adapter) {
  core_->adapter->watch(room_events_);
}

void Namespace::on_any_outgoing(OutgoingHandler handler) {
  if (handlers().any_outgoing.empty()) core_->outgoing_watchers.fetch_add(1, std::memory_order_relaxed);
  handlers().any_outgoing.add(id(), std::move(handler));
}

void Namespace::on_server_side(const std::string& event, ServerSideHandler handler) {
  check_server_side_name(event);
  core_->on_server_side[event].push_back(std::move(handler));
}

void Namespace::tell_servers(Outgoing event) const {
  check_server_side_name(event.array.front().as_string());
  core_->adapter->server_side_emit(std::move(event.array), {});
}

net::Pending<std::vector<json::value>> Namespace::ask_servers(Outgoing event) const {
  check_server_side_name(event.array.front().as_string());
  return net::Pending<std::vector<json::value>>(
      [core = core_, array = std::move(event.array)](auto done) { core->adapter->server_side_emit(array, std::move(done)); });
}

void Namespace::judge(const std::shared_ptr<Socket>& socket, Next admitted) const {
  judge_from(0, socket, std::move(admitted));
}

void Namespace::judge_from(std::size_t index, const std::shared_ptr<Socket>& socket, Next admitted) const {
  if (!socket->connecting()) return;
  if (index == middleware_.size()) return admitted(std::nullopt);
  const auto called = std::make_shared<bool>(false);
  const Next next = [this, index, socket, admitted = std::move(admitted), called](std::optional<ConnectError> error) {
    if (std::exchange(*called, true) || !socket->connecting()) return;
    if (error) {
      admitted(std::move(error));
    } else {
      judge_from(index + 1, socket, admitted);
    }
  };
  const auto ask = [&] { middleware_[index](*socket, next); };
  if (!call_guarded("a middleware", name(), ask)) next(ConnectError{.message = "Internal server error"});
}

void Namespace::welcome(Socket& socket) const {
  for (const auto& handler : on_connection_) {
    if (socket.connected()) handler(socket);
  }
}

void Namespace::inherit(const Namespace& parent) {
  middleware_ = parent.middleware_;
  on_connection_ = parent.on_connection_;
  handlers() = parent.core_->handlers;
  if (!handlers().any_outgoing.empty()) core_->outgoing_watchers.fetch_add(1, std::memory_order_relaxed);
  core_->on_server_side = parent.core_->on_server_side;
  room_events_.inherit(parent.room_events_);
}

}  // namespace atrium::socketio
