#include "socketio/socket.h"

// What a socket's handlers are told on: adding and taking away.

namespace atrium::socketio {

Handlers& Socket::own_handlers() {
  if (!own_) own_ = std::make_unique<Handlers>();
  return *own_;
}

HandlerId Socket::add_event(const std::string& event, EventHandler handler, bool once) {
  const HandlerId id = own_handlers().next_id();
  own_->events[event].add(id, std::move(handler), once);
  return id;
}

template <class Handler>
HandlerId Socket::add(HandlerList<Handler> Handlers::*list, Handler handler, At at) {
  const HandlerId id = own_handlers().next_id();
  auto& handlers = own_.get()->*list;
  if (at == At::begin) {
    handlers.add_first(id, std::move(handler));
  } else {
    handlers.add(id, std::move(handler));
  }
  return id;
}

void Socket::watch_outgoing() {
  if (own_handlers().any_outgoing.empty()) core_->outgoing_watchers.fetch_add(1, std::memory_order_relaxed);
}

HandlerId Socket::on_any(EventHandler handler) { return add(&Handlers::any, std::move(handler)); }
HandlerId Socket::prepend_any(EventHandler handler) { return add(&Handlers::any, std::move(handler), At::begin); }

HandlerId Socket::on_any_outgoing(OutgoingHandler handler) {
  watch_outgoing();
  return add(&Handlers::any_outgoing, std::move(handler));
}

HandlerId Socket::prepend_any_outgoing(OutgoingHandler handler) {
  watch_outgoing();
  return add(&Handlers::any_outgoing, std::move(handler), At::begin);
}

HandlerId Socket::use(EventMiddleware middleware) { return add(&Handlers::middleware, std::move(middleware)); }
HandlerId Socket::on_error(ErrorHandler handler) { return add(&Handlers::error, std::move(handler)); }
HandlerId Socket::on_drain(DrainHandler handler) { return add(&Handlers::drain, std::move(handler)); }
HandlerId Socket::on_disconnect(DisconnectHandler handler) { return add(&Handlers::disconnect, std::move(handler)); }
HandlerId Socket::on_disconnecting(DisconnectHandler handler) { return add(&Handlers::disconnecting, std::move(handler)); }

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
