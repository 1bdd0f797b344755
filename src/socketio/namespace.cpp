#include "socketio/namespace.h"

#include "base/log.h"

namespace atrium::socketio {

Namespace::Namespace(std::string name, std::unique_ptr<Adapter> adapter)
    : name_(std::move(name)), adapter_(std::move(adapter)) {}

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
  try {
    middleware_[index](*socket, next);
  } catch (const std::exception& failure) {
    log::error("a middleware of {} failed: {}", name_, failure.what());
    next(ConnectError{.message = "Internal server error"});
  }
}

void Namespace::welcome(Socket& socket) const {
  for (const auto& handler : on_connection_) {
    if (socket.connected()) handler(socket);
  }
}

}  // namespace atrium::socketio
