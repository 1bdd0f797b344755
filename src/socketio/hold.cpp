#include "socketio/hold.h"

#include "socketio/socket.h"

namespace atrium::socketio {

Hold::Hold(std::shared_ptr<Socket> socket) : socket_(std::move(socket)) { socket_->begin_hold(); }

void Hold::release() {
  if (const auto socket = std::exchange(socket_, nullptr)) socket->end_hold();
}

}  // namespace atrium::socketio
