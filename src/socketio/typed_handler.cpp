#include "socketio/typed_handler.h"

#include "base/log.h"
#include "socketio/socket.h"

namespace atrium::socketio::typed_handler_parts {

std::shared_ptr<Socket> shared(Socket& socket) { return socket.shared_from_this(); }

Hold hold(Socket& socket) { return socket.hold(); }

void log_failure(const Event& event, const std::exception& error) {
  log::error("the handler of '{}' failed: {}", event.name, error.what());
}

}  // namespace atrium::socketio::typed_handler_parts
