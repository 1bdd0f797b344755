#pragma once

#include <memory>
#include <optional>
#include <string>

#include "chat/failure.h"
#include "socketio/context.h"
#include "socketio/socket.h"

namespace atrium::chat {

/// The answer to one event of a client. Any shard; keeps the socket until it is given.
class Reply final {
 public:
  Reply(std::shared_ptr<socketio::Socket> socket, const socketio::Event& event);
  explicit Reply(const socketio::Context& context) : Reply(context.shared_socket(), context.event()) {}

  template <class T>
  void ok(const T& payload) const {
    if (ack_) ack_(payload);
  }
  /// Into the acknowledgement, if one was asked for, and always as an `error` event, because clients of the original
  /// application ask for none. The connection goes on.
  void fail(const Failure& failure) const;

  /// Only into the acknowledgement: for what a client that asks for none does not miss.
  void fail_quietly(const Failure& failure) const;

  bool wants_ack() const { return static_cast<bool>(ack_); }
  socketio::Socket& socket() const { return *socket_; }
  const std::shared_ptr<socketio::Socket>& shared_socket() const { return socket_; }

 private:
  std::shared_ptr<socketio::Socket> socket_;
  std::string event_;
  socketio::Ack ack_;
  // Told back, so that the client knows what failed.
  std::optional<std::string> channel_id_;
  std::optional<std::string> client_msg_id_;
};

}  // namespace atrium::chat
