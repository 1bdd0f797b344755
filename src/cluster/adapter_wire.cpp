#include "cluster/adapter_wire.h"

#include "cluster/overloaded.h"
#include "socketio/msgpack_writer.h"

namespace atrium::cluster::adapter {

namespace {

enum class Type {
  broadcast = 3,
  sockets_join = 4,
  sockets_leave = 5,
  disconnect_sockets = 6,
  fetch_sockets = 7,
  fetch_sockets_response = 8,
  server_side_emit = 9,
  server_side_emit_response = 10,
  broadcast_client_count = 11,
  broadcast_ack = 12,
};

Parts parts(Type type, json::object data, std::vector<Bytes> attachments = {}) {
  return {.type = static_cast<int>(type), .data = std::move(data), .attachments = std::move(attachments)};
}

json::object whole(const std::string& nsp, const std::string& from, Parts& parts) {
  return {{"type", parts.type}, {"data", std::move(parts.data)}, {"uid", from}, {"nsp", nsp}};
}

const json::value& member_or_null(const json::value& data, std::string_view name) {
  static const json::value kNull;
  const json::value* found = member(data, name);
  return found ? *found : kNull;
}

}  // namespace

Parts parts_of(const NodeMessage& message) {
  const Overloaded each{
      [](const say::Event& said) {
        return parts(Type::broadcast, {{"packet", {{"type", 2}, {"data", said.event->array}}}, {"opts", options_of(said)}},
                     said.event->attachments);
      },
      [](const say::JoinRooms& join) {
        return parts(Type::sockets_join, {{"opts", options_of(join.who)}, {"rooms", to_json(join.rooms)}});
      },
      [](const say::LeaveRooms& leave) {
        return parts(Type::sockets_leave, {{"opts", options_of(leave.who)}, {"rooms", to_json(leave.rooms)}});
      },
      [](const say::Disconnect& end) {
        return parts(Type::disconnect_sockets, {{"opts", options_of(end.who)}, {"close", end.close}});
      },
      [](const say::FetchSockets& fetch) { return parts(Type::fetch_sockets, question_of(fetch, options_of(fetch.who))); },
      [](const say::CountSockets& count) { return parts(Type::fetch_sockets, question_of(count, options_of(count.who))); },
      [](const say::ServerEvent& said) {
        return parts(Type::server_side_emit, {{"packet", said.event}});
      },
      // Nobody asks this way here.
      [](const say::ListRooms&) { return Parts{}; },
      [](const say::ListSockets&) { return Parts{}; },
  };
  Parts made = std::visit(each, message.what);
  if (!message.request.empty()) made.data["requestId"] = message.request;
  return made;
}

Parts parts_of(const NodeAnswer& given) {
  const Overloaded each{
      [](const answer::Asked& asked) {
        return parts(Type::broadcast_client_count, {{"clientCount", asked.clients}});
      },
      [](const answer::Acknowledgement& acknowledged) {
        return parts(Type::broadcast_ack, {{"packet", acknowledged.argument}}, acknowledged.attachments);
      },
      [](const answer::Sockets& answer) {
        json::array sockets;
        for (const auto& info : answer.sockets) sockets.push_back(to_json(info));
        return parts(Type::fetch_sockets_response, {{"sockets", std::move(sockets)}});
      },
      [](const answer::SocketCount& count) {
        return parts(Type::fetch_sockets_response, {{"count", count.sockets}});
      },
      [](const answer::ServerAnswer& answer) {
        return parts(Type::server_side_emit_response, {{"packet", answer.argument}});
      },
      [](const answer::Rooms&) { return Parts{}; },
      [](const answer::SocketIds&) { return Parts{}; },
  };
  Parts made = std::visit(each, given.what);
  made.data["requestId"] = given.request;
  return made;
}

std::string encode(const std::string& nsp, const std::string& from, Parts parts) {
  if (!parts.attachments.empty()) return encode_msgpack(nsp, from, std::move(parts));
  return json::serialize(whole(nsp, from, parts));
}

std::string encode_msgpack(const std::string& nsp, const std::string& from, Parts parts) {
  std::string octets;
  const json::object all = whole(nsp, from, parts);
  socketio::MsgpackWriter(octets).value(json::value(all), parts.attachments);
  return octets;
}

std::optional<NodeMessage> message_of(std::string from, int type, const json::value& data, std::vector<Bytes> attachments) {
  NodeMessage message{.from = std::move(from), .request = text_of(member(data, "requestId")), .what = {}};
  const json::value* options = member(data, "opts");
  switch (static_cast<Type>(type)) {
    case Type::broadcast: {
      auto said = event_of(member(data, "packet"), options, std::move(attachments));
      if (!said) return std::nullopt;
      message.what = std::move(*said);
      return message;
    }
    case Type::sockets_join:
      message.what = say::JoinRooms{audience_of(options), texts_of(member(data, "rooms"))};
      return message;
    case Type::sockets_leave:
      message.what = say::LeaveRooms{audience_of(options), texts_of(member(data, "rooms"))};
      return message;
    case Type::disconnect_sockets: {
      const json::value& close = member_or_null(data, "close");
      message.what = say::Disconnect{audience_of(options), close.is_bool() && close.get_bool()};
      return message;
    }
    case Type::fetch_sockets:
      message.what = socket_question_of(data);
      return message;
    case Type::server_side_emit: {
      const json::value& packet = member_or_null(data, "packet");
      if (!packet.is_array() || packet.get_array().empty()) return std::nullopt;
      message.what = say::ServerEvent{packet.get_array()};
      return message;
    }
    default:
      return std::nullopt;
  }
}

std::optional<NodeMessage> message_of(const std::string& nsp, Received received) {
  if (text_of(member(received.value, "nsp")) != nsp) return std::nullopt;
  return message_of(text_of(member(received.value, "uid")), static_cast<int>(number_of(member(received.value, "type"), -1)),
                    member_or_null(received.value, "data"), std::move(received.attachments));
}

std::optional<NodeAnswer> answer_of(Received received) {
  const json::value& data = member_or_null(received.value, "data");
  NodeAnswer given{.request = text_of(member(data, "requestId")), .what = {}};
  if (given.request.empty()) return std::nullopt;
  switch (static_cast<Type>(number_of(member(received.value, "type"), -1))) {
    case Type::broadcast_client_count:
      given.what = answer::Asked{count_of(member(data, "clientCount"))};
      return given;
    case Type::broadcast_ack:
      given.what = answer::Acknowledgement{member_or_null(data, "packet"), std::move(received.attachments)};
      return given;
    case Type::fetch_sockets_response: {
      if (const json::value* count = member(data, "count")) {
        given.what = answer::SocketCount{count_of(count)};
        return given;
      }
      const json::value& sockets = member_or_null(data, "sockets");
      given.what = answer::Sockets{sockets.is_array() ? sockets_of(sockets.get_array()) : std::vector<socketio::SocketInfo>()};
      return given;
    }
    case Type::server_side_emit_response:
      given.what = answer::ServerAnswer{member_or_null(data, "packet")};
      return given;
    default:
      return std::nullopt;
  }
}

}  // namespace atrium::cluster::adapter
