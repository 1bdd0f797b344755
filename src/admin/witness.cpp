#include "admin/witness.h"

#include "admin/serialized_socket.h"
#include "base/timestamp.h"

namespace atrium::admin {

using socketio::Socket;

namespace {

std::string now() { return to_iso8601(net::Shard::current()->clock().wall()); }

/// What the nodes of a cluster tell each other about a socket, in the place where the official server does.
void write_admin_data(Socket& socket) {
  const auto& session = socket.session();
  socket.data["_admin"] = json::object{{"clientId", client_id(session.id())}, {"transport", session.transport_name()}};
}

}  // namespace

void Witness::watch(socketio::Namespace& nsp) {
  // Handlers are the core's: it may not be theirs.
  nsp.prepend_connection([this, core = nsp.core().get()](Socket& socket) { on_connection(socket, *core); });
  nsp.on_upgrade([this](Socket& socket) { on_upgrade(socket); });
  nsp.on_disconnect([this](Socket& socket, socketio::DisconnectReason reason) {
    onlookers_.tell("socket_disconnected", socket.nsp(), socket.id(), to_string(reason), now());
  });
  watch_rooms(nsp);
  if (nsp.name() != onlookers_.nsp().name()) watch_events(nsp);
}

void Witness::watch_rooms(socketio::Namespace& nsp) {
  nsp.rooms().on_join([this, name = nsp.name()](const std::string& room, const std::string& socket) {
    onlookers_.tell("room_joined", name, room, socket, now());
  });
  nsp.rooms().on_leave([this, name = nsp.name()](const std::string& room, const std::string& socket) {
    if (!onlookers_.there()) return;
    // Later, because a socket that disconnects leaves its rooms first, and the page wants to hear it the other way about.
    net::Shard::current()->post(
        [this, name, room, socket, time = now()] { onlookers_.tell("room_left", name, room, socket, time); });
  });
}

void Witness::watch_events(socketio::Namespace& nsp) {
  const auto tell = [this](std::string_view what, const Socket& socket, json::array event, const std::vector<Bytes>& octets) {
    auto told = socketio::Outgoing::of(what, socket.nsp(), socket.id(), event, now());
    told.attachments = octets;
    onlookers_.nsp().everyone().send(told);
  };
  nsp.on_any([this, tell](Socket& socket, socketio::Event& event) {
    if (!onlookers_.there()) return;
    json::array whole{event.name};
    whole.insert(whole.end(), event.args.begin(), event.args.end());
    tell("event_received", socket, std::move(whole), event.attachments);
  });
  nsp.on_any_outgoing([this, tell](Socket& socket, const socketio::Outgoing& event) {
    if (onlookers_.there()) tell("event_sent", socket, event.array, event.attachments);
  });
}

void Witness::on_connection(Socket& socket, socketio::NamespaceCore& core) const {
  write_admin_data(socket);
  if (!onlookers_.there()) return;
  const auto* receiver = core.adapter->rooms(socket.shard()).find(socket.id());
  if (!receiver) return;
  data_.note(socket.shard(), socket.id(), socket.data);
  onlookers_.tell("socket_connected", serialize(receiver->describe(socketio::Detail::with_handshake), core.name), now());
}

void Witness::on_upgrade(Socket& socket) const {
  write_admin_data(socket);
  onlookers_.tell("socket_updated",
                  json::object{{"id", socket.id()}, {"nsp", socket.nsp()}, {"transport", socket.session().transport_name()}});
}

}  // namespace atrium::admin
