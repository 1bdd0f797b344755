#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engineio/session.h"
#include "socketio/namespace_table.h"
#include "socketio/packet_reader.h"
#include "socketio/socket.h"

namespace atrium::socketio {

/// One client's connection, which carries its sockets, at most one a namespace. It decodes packets, holds the client to the
/// protocol, and closes the connection of one that breaks it. Lives and dies with its Engine.IO session.
class Connection final : public engineio::SessionHandler, private SocketOwner {
 public:
  struct Options {
    Duration connect_timeout;  ///< a client that has joined no namespace by then is disconnected
    std::size_t max_attachments;
    PacketWriter writer;
  };

  /// `namespaces` and `options` outlive it.
  Connection(NamespaceTable& namespaces, const Options& options);
  ~Connection() override;

  static constexpr std::size_t kMaxNamespaces = 256;  ///< that one client may be in

  void on_open(engineio::Session& session) override;
  void on_text(std::string_view text) override;
  void on_binary(std::string_view octets) override;
  void on_drain() override;
  void on_upgrade() override;
  void on_close(engineio::CloseReason reason) override;

 private:
  using NamespacePtr = std::shared_ptr<Namespace>;
  /// One namespace that the client has joined, or is about to.
  struct Seat {
    std::string name;
    NamespacePtr nsp;  ///< null while it is looked for
    std::shared_ptr<Socket> socket;
  };

  void receive(Result<std::optional<Packet>, DecodeError> decoded);
  void receive(Packet packet, std::size_t octets);
  void on_connect(const std::string& name, json::object auth);
  void begin(const std::string& name, NamespacePtr nsp, json::object auth);
  void judge(const std::shared_ptr<Socket>& socket, const NamespacePtr& nsp);
  void admit(const std::shared_ptr<Socket>& socket, const NamespacePtr& nsp, std::optional<ConnectError> error);
  void refuse(const std::string& name, const ConnectError& error);
  void send_error(const std::string& name, json::value data);
  std::string new_socket_id(const std::string& name) const;
  Seat* find_seat(std::string_view name);
  void give_back(const Seat& seat);
  void on_socket_gone(Socket& socket) override;
  void close_connection() override;

  NamespaceTable& namespaces_;
  const Options& options_;
  PacketReader reader_;
  std::size_t received_ = 0;  ///< octets of the packet that is being received, as long as it is not whole
  engineio::Session* session_ = nullptr;
  std::vector<Seat> seats_;
  std::unique_ptr<net::Deadline> connect_deadline_;                   ///< until the first namespace is joined
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  ///< for what may come when this has gone
};

}  // namespace atrium::socketio
