#include "socketio/typed_handler.h"

#include "base/log.h"
#include "socketio/socket.h"

namespace atrium::socketio {

namespace typed_handler_parts {

std::shared_ptr<Socket> shared(Socket& socket) { return socket.shared_from_this(); }

Hold hold(Socket& socket) { return socket.hold(); }

}  // namespace typed_handler_parts

void HandlerHost::refuse(Context& context, const Refusal& refusal) const {
  socketio::refuse(context.socket(), context.event(), refusal);
}

void HandlerHost::fail(Context& context, const std::exception& error) const {
  if (const auto* refusal = dynamic_cast<const Refusal*>(&error)) return refuse(context, *refusal);
  log::error("the handler of '{}' failed: {}", context.event().name, error.what());
  refuse(context, Refusal("INTERNAL_ERROR", "The server failed to handle this event."));
}

}  // namespace atrium::socketio
