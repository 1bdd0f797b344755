#include "socketio/connection.h"

#include "base/log.h"
#include "base/random_id.h"
#include "socketio/messages.h"

namespace atrium::socketio {

Connection::Connection(const FindNamespace& find, Duration connect_timeout, std::size_t max_attachments)
    : find_(find), connect_timeout_(connect_timeout), decoder_(max_attachments) {}

Connection::~Connection() = default;

void Connection::on_open(engineio::Session& session) {
  session_ = &session;
  connect_deadline_ = std::make_unique<net::Deadline>([this] { session_->close(); });
  session.shard().deadlines().arm(*connect_deadline_, connect_timeout_);
}

void Connection::on_text(std::string_view text) { receive(decoder_.feed_text(text)); }

void Connection::on_binary(std::string_view octets) { receive(decoder_.feed_binary(octets)); }

void Connection::receive(Result<std::optional<Packet>, DecodeError> decoded) {
  if (decoded.has_error()) {
    log::debug("closing {}: {}", session_->id(), to_string(decoded.error()));
    session_->close();
  } else if (*decoded) {
    receive(std::move(**decoded));
  }
}

void Connection::receive(Packet packet) {
  if (packet.type == PacketType::connect) return on_connect(std::move(packet));
  const auto socket = find_socket(packet.nsp);
  // Whoever is in a namespace may speak there; everything else breaks the protocol (Socket.IO 5, "Connection to a namespace").
  if (!socket || !socket->connected() || packet.type == PacketType::connect_error) return session_->close();
  switch (packet.type) {
    case PacketType::event:
      socket->dispatch_event(std::move(packet));
      return;
    case PacketType::ack:
      socket->dispatch_ack(std::move(packet));
      return;
    case PacketType::disconnect:
      on_socket_gone(*socket);
      socket->close(DisconnectReason::client_namespace_disconnect);
      return;
    default:
      return session_->close();
  }
}

void Connection::on_connect(Packet packet) {
  if (find_socket(packet.nsp)) return session_->close();
  Namespace* nsp = find_(packet.nsp);
  if (!nsp) return refuse(packet.nsp, {.message = "Invalid namespace"});
  auto socket = std::make_shared<Socket>(random_id(static_cast<std::uint8_t>(session_->shard().index())), nsp->name(),
                                         nsp->adapter(), nsp->handlers(), *session_, static_cast<SocketOwner&>(*this),
                                         packet.data ? std::move(packet.data->as_object()) : json::object());
  sockets_.push_back(socket);
  // Not called once the socket has closed, which it does at the latest with this connection.
  nsp->judge(socket, [this, socket, nsp](std::optional<ConnectError> error) { admit(socket, *nsp, std::move(error)); });
}

void Connection::admit(const std::shared_ptr<Socket>& socket, const Namespace& nsp, std::optional<ConnectError> error) {
  if (error) {
    on_socket_gone(*socket);
    socket->close(DisconnectReason::server_namespace_disconnect);
    refuse(nsp.name(), *error);
    return;
  }
  connect_deadline_.reset();
  socket->open();
  try {
    nsp.welcome(*socket);
  } catch (const std::exception& failure) {
    log::error("a connection handler of {} failed: {}", nsp.name(), failure.what());
  }
}

void Connection::refuse(const std::string& nsp, const ConnectError& error) {
  json::object data{{"message", error.message}};
  if (error.data) data["data"] = *error.data;
  session_->send(
      message_of({.type = PacketType::connect_error, .nsp = nsp, .id = {}, .data = std::move(data), .attachments = {}}));
}

std::shared_ptr<Socket> Connection::find_socket(std::string_view nsp) const {
  for (const auto& socket : sockets_) {
    if (socket->nsp() == nsp) return socket;
  }
  return nullptr;
}

void Connection::on_socket_gone(Socket& socket) {
  std::erase_if(sockets_, [&](const auto& held) { return held.get() == &socket; });
}

void Connection::close_connection() {
  const auto all = sockets_;
  for (const auto& socket : all) socket->disconnect();
  session_->close();
}

void Connection::on_close(engineio::CloseReason reason) {
  connect_deadline_.reset();
  const auto all = std::exchange(sockets_, {});
  for (const auto& socket : all) socket->close(to_disconnect_reason(reason));
}

}  // namespace atrium::socketio
