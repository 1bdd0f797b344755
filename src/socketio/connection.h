#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engineio/session.h"
#include "socketio/namespace.h"
#include "socketio/packet_decoder.h"
#include "socketio/socket.h"

namespace atrium::socketio {

/// One client's connection, which carries its sockets, at most one a namespace. It decodes packets, holds the client to the
/// protocol, and closes the connection of one that breaks it. Lives and dies with its Engine.IO session.
class Connection final : public engineio::SessionHandler, private SocketOwner {
 public:
  /// Null when there is no such namespace.
  using FindNamespace = std::function<Namespace*(const std::string& name)>;

  /// `find` outlives it. A client that has joined no namespace after `connect_timeout` is disconnected.
  Connection(const FindNamespace& find, Duration connect_timeout, std::size_t max_attachments);
  ~Connection() override;

  void on_open(engineio::Session& session) override;
  void on_text(std::string_view text) override;
  void on_binary(std::string_view octets) override;
  void on_close(engineio::CloseReason reason) override;

 private:
  void receive(Result<std::optional<Packet>, DecodeError> decoded);
  void receive(Packet packet);
  void on_connect(Packet packet);
  void admit(const std::shared_ptr<Socket>& socket, const Namespace& nsp, std::optional<ConnectError> error);
  void refuse(const std::string& nsp, const ConnectError& error);
  std::shared_ptr<Socket> find_socket(std::string_view nsp) const;
  void on_socket_gone(Socket& socket) override;
  void close_connection() override;

  const FindNamespace& find_;
  const Duration connect_timeout_;
  PacketDecoder decoder_;
  engineio::Session* session_ = nullptr;
  std::vector<std::shared_ptr<Socket>> sockets_;
  std::unique_ptr<net::Deadline> connect_deadline_;  ///< until the first namespace is joined
};

}  // namespace atrium::socketio
