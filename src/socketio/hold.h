#pragma once

#include <memory>
#include <utility>

namespace atrium::socketio {

class Socket;

/// While there is one, the events of a socket wait, in order; acknowledgements do not. On the socket's shard; keeps the
/// socket.
class Hold final {
 public:
  Hold() = default;
  explicit Hold(std::shared_ptr<Socket> socket);
  Hold(Hold&& other) noexcept : socket_(std::exchange(other.socket_, nullptr)) {}
  Hold& operator=(Hold&&) = delete;
  ~Hold() { release(); }

  /// Lets the next event in.
  void release();

 private:
  std::shared_ptr<Socket> socket_;
};

}  // namespace atrium::socketio
