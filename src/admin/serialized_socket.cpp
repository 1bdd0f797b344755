#include "admin/serialized_socket.h"

#include <spdlog/fmt/chrono.h>
#include <spdlog/fmt/fmt.h>

namespace atrium::admin {

namespace json = boost::json;

namespace {

/// As JavaScript's Date prints itself where the clocks show UTC.
std::string to_date_string(WallTime time) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  return fmt::format("{:%a %b %d %Y %H:%M:%S} GMT+0000 (Coordinated Universal Time)", fmt::gmtime(seconds));
}

/// The client's own address, also when a proxy stands between.
std::string_view address_of(const engineio::Handshake& handshake) {
  for (const std::string_view header : {"cf-connecting-ip", "x-forwarded-for"}) {
    if (const auto value = handshake.header(header); value && !value->empty()) return *value;
  }
  return handshake.address();
}

/// Lines of one name are joined, as Node does.
json::object headers_of(const engineio::Handshake& handshake) {
  json::object headers;
  for (const auto& [name, value] : handshake.headers()) {
    json::value& line = headers[name];
    if (line.is_null()) {
      line = json::string(value);
    } else {
      line.get_string().append(name == "cookie" ? "; " : ", ").append(value);
    }
  }
  return headers;
}

/// A parameter that is there several times is a list.
json::object query_of(const engineio::Handshake& handshake) {
  json::object query;
  for (const auto& [name, value] : handshake.query()) {
    json::value& values = query[name];
    if (values.is_null()) {
      values = json::string(value);
    } else if (values.is_string()) {
      values = json::array{std::move(values), json::string(value)};
    } else {
      values.get_array().emplace_back(json::string(value));
    }
  }
  return query;
}

json::object serialize(const engineio::Handshake& handshake) {
  return {{"address", address_of(handshake)}, {"headers", headers_of(handshake)},
          {"query", query_of(handshake)},     {"issued", handshake.time().time_since_epoch().count()},
          {"secure", handshake.secure()},     {"time", to_date_string(handshake.time())},
          {"url", handshake.url()},           {"xdomain", handshake.xdomain()}};
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
  if (info.handshake) socket["handshake"] = serialize(*info.handshake);
  json::array rooms;
  for (const std::string& room : info.rooms) rooms.emplace_back(json::string(room));
  socket["rooms"] = std::move(rooms);
  return socket;
}

}  // namespace atrium::admin
