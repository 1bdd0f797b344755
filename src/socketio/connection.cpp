#include "socketio/connection.h"

#include "base/log.h"
#include "base/random_id.h"
#include "http/request.h"
#include "socketio/guarded.h"
#include "socketio/passage.h"

namespace atrium::socketio {

namespace {

/// Longer than what any server gives its clients for recovery.
constexpr std::size_t kMaxWord = 64;

/// A member of the CONNECT payload that recovery is asked for with.
std::optional<std::string> string_member(const json::object& auth, std::string_view name) {
  const json::value* member = auth.if_contains(name);
  if (!member || !member->is_string()) return std::nullopt;
  return std::string(member->get_string());
}

/// Clients of Engine.IO 3 say with the name of the namespace what later ones say in the payload: "/chat?token=x".
void take_query(Packet& packet) {
  json::object auth;
  if (const std::size_t mark = packet.nsp.find('?'); mark != packet.nsp.npos) {
    http::Request request;
    http::parse_target(packet.nsp, request);
    packet.nsp.resize(mark);
    for (const auto& [name, value] : request.query) auth[name] = value;
  }
  packet.data = std::move(auth);
}

}  // namespace

Connection::Connection(NamespaceTable& namespaces, const Options& options)
    : namespaces_(namespaces), options_(options), reader_(options.writer.parser(), options.max_attachments) {}

Connection::~Connection() { *alive_ = false; }

void Connection::on_open(engineio::Session& session) {
  session_ = &session;
  // Clients of Engine.IO 3 take the main namespace for given.
  if (session.protocol() < 4) return on_connect("/", {});
  connect_deadline_ = std::make_unique<net::Deadline>([this] { session_->close(); });
  session.shard().deadlines().arm(*connect_deadline_, options_.connect_timeout);
}

void Connection::on_text(std::string_view text) {
  received_ = text.size();
  receive(reader_.feed_text(text));
}

void Connection::on_binary(std::string_view octets) {
  received_ += octets.size();
  receive(reader_.feed_binary(octets));
}

void Connection::on_drain() {
  const auto all = seats_;
  for (const Seat& seat : all) {
    if (seat.socket) seat.socket->drained();
  }
}

void Connection::on_upgrade() {
  const auto all = seats_;
  for (const Seat& seat : all) {
    if (seat.socket) seat.socket->upgraded();
  }
}

void Connection::receive(Result<std::optional<Packet>, DecodeError> decoded) {
  if (decoded.has_error()) {
    log::debug("closing {}: {}", session_->id(), to_string(decoded.error()));
    session_->close();
  } else if (*decoded) {
    receive(std::move(**decoded), std::exchange(received_, 0));
  }
}

void Connection::receive(Packet packet, std::size_t octets) {
  if (packet.type == PacketType::connect && session_->protocol() < 4) take_query(packet);
  Seat* const seat = find_seat(packet.nsp);
  if (packet.type == PacketType::connect) {
    if (seat || seats_.size() >= kMaxNamespaces) return session_->close();
    return on_connect(packet.nsp, packet.data ? std::move(packet.data->as_object()) : json::object());
  }
  // Whoever is in a namespace may speak there; everything else breaks the protocol (Socket.IO 5, "Connection to a namespace").
  const auto socket = seat ? seat->socket : nullptr;
  if (!socket || !socket->connected() || packet.type == PacketType::connect_error) return session_->close();
  switch (packet.type) {
    case PacketType::event:
      socket->dispatch_event(std::move(packet), octets);
      return;
    case PacketType::ack:
      socket->dispatch_ack(std::move(packet));
      return;
    case PacketType::disconnect:
      // The namespace may go with its last socket, so that one goes first.
      socket->close(DisconnectReason::client_namespace_disconnect);
      on_socket_gone(*socket);
      return;
    default:
      return session_->close();
  }
}

void Connection::on_connect(const std::string& name, json::object auth) {
  seats_.push_back({.name = name, .nsp = nullptr, .socket = nullptr});
  // The table outlives the connection, which may have gone by then.
  namespaces_.resolve(name, auth, [this, &table = namespaces_, alive = alive_, name, auth](NamespacePtr nsp) mutable {
    if (!*alive || !find_seat(name)) {
      if (nsp) table.release(*nsp);
      return;
    }
    if (nsp) return begin(name, std::move(nsp), std::move(auth));
    std::erase_if(seats_, [&](const Seat& seat) { return seat.name == name; });
    send_error(name, json::object{{"message", "Invalid namespace"}});
  });
}

void Connection::begin(const std::string& name, NamespacePtr nsp, json::object auth) {
  const auto& core = nsp->core();
  auto pid = core->recovery && session_->protocol() >= 4 ? string_member(auth, "pid") : std::nullopt;
  const auto offset = string_member(auth, "offset");
  const bool is_ours = pid && pid->size() <= kMaxWord && (!offset || offset->size() <= kMaxWord);
  if (!is_ours) pid.reset();
  const auto socket =
      std::make_shared<Socket>(new_socket_id(name), core, *session_, static_cast<SocketOwner&>(*this), std::move(auth));
  Seat& seat = *find_seat(name);
  seat.nsp = nsp;
  seat.socket = socket;
  if (!pid) return judge(socket, nsp);
  bring_back(core, session_->shard(), *pid, offset, [this, socket, nsp](std::optional<Restored> restored) {
    // Once the socket has closed, which it does at the latest with this connection, nobody is here to be brought back.
    if (!socket->connecting()) {
      if (restored) nsp->core()->recovery->put_back(socket->shard(), std::move(*restored));
      return;
    }
    if (restored) socket->recover(std::move(*restored));
    judge(socket, nsp);
  });
}

void Connection::judge(const std::shared_ptr<Socket>& socket, const NamespacePtr& nsp) {
  if (socket->recovered() && nsp->core()->recovery->options().skip_middlewares) return admit(socket, nsp, std::nullopt);
  // Not called once the socket has closed.
  nsp->judge(socket, [this, socket, nsp](std::optional<ConnectError> error) { admit(socket, nsp, std::move(error)); });
}

void Connection::admit(const std::shared_ptr<Socket>& socket, const NamespacePtr& nsp, std::optional<ConnectError> error) {
  if (error) {
    socket->close(DisconnectReason::server_namespace_disconnect);
    on_socket_gone(*socket);
    refuse(nsp->name(), *error);
    return;
  }
  // A recovered client that cannot be told everything any more comes again, and begins anew.
  if (!socket->open()) return session_->close();
  connect_deadline_.reset();
  call_guarded("a connection handler", nsp->name(), [&] { nsp->welcome(*socket); });
}

void Connection::refuse(const std::string& name, const ConnectError& error) {
  if (session_->protocol() < 4) {
    return send_error(name, error.data ? *error.data : json::value(json::string(error.message)));
  }
  json::object data{{"message", error.message}};
  if (error.data) data["data"] = *error.data;
  send_error(name, std::move(data));
}

void Connection::send_error(const std::string& name, json::value data) {
  session_->send(options_.writer.encode(
      {.type = PacketType::connect_error, .nsp = name, .id = {}, .data = std::move(data), .attachments = {}}));
}

/// Clients of Engine.IO 3 know their socket's id by that of the session.
std::string Connection::new_socket_id(const std::string& name) const {
  if (session_->protocol() < 4) return name == "/" ? session_->id() : name + "#" + session_->id();
  return random_id(static_cast<std::uint8_t>(session_->shard().index()));
}

Connection::Seat* Connection::find_seat(std::string_view name) {
  for (Seat& seat : seats_) {
    if (seat.name == name) return &seat;
  }
  return nullptr;
}

void Connection::give_back(const Seat& seat) {
  if (seat.nsp) namespaces_.release(*seat.nsp);
}

void Connection::on_socket_gone(Socket& socket) {
  const auto gone = std::find_if(seats_.begin(), seats_.end(), [&](const Seat& seat) { return seat.socket.get() == &socket; });
  if (gone == seats_.end()) return;
  const Seat seat = std::move(*gone);
  seats_.erase(gone);
  give_back(seat);
}

void Connection::close_connection() {
  const auto all = seats_;
  for (const Seat& seat : all) {
    if (seat.socket) seat.socket->disconnect();
  }
  session_->close();
}

void Connection::on_close(engineio::CloseReason reason) {
  connect_deadline_.reset();
  const auto all = std::exchange(seats_, {});
  for (const Seat& seat : all) {
    if (seat.socket) seat.socket->close(to_disconnect_reason(reason));
    give_back(seat);
  }
}

}  // namespace atrium::socketio
