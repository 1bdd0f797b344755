#include "socketio/socket.h"

// What a socket's handlers are told on: adding and taking away.

namespace atrium::socketio {

Handlers& Socket::own_handlers() {
  if (!own_) own_ = std::make_unique<Handlers>();
  return *own_;
}

HandlerId Socket::add_event(const std::string& event, EventHandler handler, bool once) {
  Handlers& own = own_handlers();
  const HandlerId id = own.next_id();
  own.events[event].add(id, std::move(handler), once);
  return id;
}

HandlerId Socket::on_any(EventHandler handler) {
  const HandlerId id = own_handlers().next_id();
  own_->any.add(id, std::move(handler));
  return id;
}

HandlerId Socket::prepend_any(EventHandler handler) {
  const HandlerId id = own_handlers().next_id();
  own_->any.add_first(id, std::move(handler));
  return id;
}

HandlerId Socket::on_any_outgoing(OutgoingHandler handler) {
  const HandlerId id = own_handlers().next_id();
  if (own_->any_outgoing.empty()) core_->outgoing_watchers.fetch_add(1, std::memory_order_relaxed);
  own_->any_outgoing.add(id, std::move(handler));
  return id;
}

HandlerId Socket::prepend_any_outgoing(OutgoingHandler handler) {
  const HandlerId id = own_handlers().next_id();
  if (own_->any_outgoing.empty()) core_->outgoing_watchers.fetch_add(1, std::memory_order_relaxed);
  own_->any_outgoing.add_first(id, std::move(handler));
  return id;
}

HandlerId Socket::use(EventMiddleware middleware) {
  const HandlerId id = own_handlers().next_id();
  own_->middleware.add(id, std::move(middleware));
  return id;
}

HandlerId Socket::on_error(ErrorHandler handler) {
  const HandlerId id = own_handlers().next_id();
  own_->error.add(id, std::move(handler));
  return id;
}

HandlerId Socket::on_drain(DrainHandler handler) {
  const HandlerId id = own_handlers().next_id();
  own_->drain.add(id, std::move(handler));
  return id;
}

HandlerId Socket::on_disconnect(DisconnectHandler handler) {
  const HandlerId id = own_handlers().next_id();
  own_->disconnect.add(id, std::move(handler));
  return id;
}

HandlerId Socket::on_disconnecting(DisconnectHandler handler) {
  const HandlerId id = own_handlers().next_id();
  own_->disconnecting.add(id, std::move(handler));
  return id;
}

bool Socket::off(HandlerId id) {
  if (!own_) return false;
  for (auto& [event, handlers] : own_->events) {
    if (handlers.remove(id)) return true;
  }
  if (own_->any_outgoing.remove(id)) {
    if (own_->any_outgoing.empty()) core_->outgoing_watchers.fetch_sub(1, std::memory_order_relaxed);
    return true;
  }
  return own_->any.remove(id) || own_->middleware.remove(id) || own_->error.remove(id) || own_->drain.remove(id) ||
         own_->disconnect.remove(id) || own_->disconnecting.remove(id);
}

void Socket::off(const std::string& event) {
  if (!own_) return;
  // The list may be on the stack, being called: emptied, not erased.
  if (const auto found = own_->events.find(event); found != own_->events.end()) found->second.clear();
}

void Socket::off_any() {
  if (own_) own_->any.clear();
}

void Socket::off_any_outgoing() {
  if (!own_ || own_->any_outgoing.empty()) return;
  own_->any_outgoing.clear();
  core_->outgoing_watchers.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace atrium::socketio
