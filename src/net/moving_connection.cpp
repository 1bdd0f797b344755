#include "net/moving_connection.h"

#include <unistd.h>

#include "net/tls_stream.h"

namespace atrium::net {

MovingConnection::MovingConnection() = default;
MovingConnection::MovingConnection(int fd) : descriptor(fd) {}

MovingConnection::MovingConnection(MovingConnection&& other) noexcept
    : descriptor(std::exchange(other.descriptor, -1)),
      tls(std::move(other.tls)),
      unsent(std::move(other.unsent)),
      unread(std::move(other.unread)) {}

MovingConnection::~MovingConnection() {
  if (descriptor >= 0) ::close(descriptor);
}

}  // namespace atrium::net
