#include "admin/serialized_socket.h"

#include "socketio/handshake_json.h"

namespace atrium::admin {

namespace json = boost::json;

namespace {

/// The client's own address, also when a proxy stands between.
std::string_view address_of(const engineio::Handshake& handshake) {
  for (const std::string_view header : {"cf-connecting-ip", "x-forwarded-for"}) {
    if (const auto value = handshake.header(header); value && !value->empty()) return *value;
  }
  return handshake.address();
}

}  // namespace

std::string_view client_id(std::string_view session) { return session.substr(0, 12); }

json::object visible_data(const json::object& data) {
  json::object visible;
  for (const auto& [name, value] : data) {
    if (name != "_admin") visible.emplace(name, value);
  }
  return visible;
}

json::object serialize(const socketio::SocketInfo& info, const std::string& nsp) {
  json::object socket{{"id", info.id},
                      {"clientId", client_id(info.session)},
                      {"transport", info.transport},
                      {"nsp", nsp},
                      {"data", visible_data(info.data)}};
  // A node that knows no more than the official adapter tells.
  const json::value* told = info.session.empty() ? info.data.if_contains("_admin") : nullptr;
  if (const json::object* of_node = told ? told->if_object() : nullptr) {
    for (const char* member : {"clientId", "transport"}) {
      if (const json::value* value = of_node->if_contains(member)) socket[member] = *value;
    }
  }
  if (info.handshake) {
    json::object handshake = socketio::to_json(*info.handshake);
    handshake["address"] = address_of(*info.handshake);
    socket["handshake"] = std::move(handshake);
  }
  json::array rooms;
  for (const std::string& room : info.rooms) rooms.emplace_back(json::string(room));
  socket["rooms"] = std::move(rooms);
  return socket;
}

}  // namespace atrium::admin
