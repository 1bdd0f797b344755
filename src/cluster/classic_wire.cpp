#include "cluster/classic_wire.h"

#include "cluster/overloaded.h"
#include "cluster/wire_parts.h"
#include "socketio/msgpack_writer.h"

namespace atrium::cluster::classic {

namespace {

using socketio::MsgpackWriter;

enum class Type {
  sockets = 0,
  all_rooms = 1,
  remote_join = 2,
  remote_leave = 3,
  remote_disconnect = 4,
  remote_fetch = 5,
  server_side_emit = 6,
  broadcast = 7,
  client_count = 8,
  acknowledgement = 9,
};

void write_packet(MsgpackWriter& to, const std::string& nsp, const say::Event& said) {
  to.map(3);
  to.string("type");
  to.integer(std::uint64_t{2});
  to.string("data");
  to.value(said.event->array, said.event->attachments);
  to.string("nsp");
  to.string(nsp);
}

std::string encode_event(const std::string& nsp, const std::string& from, const say::Event& said) {
  std::string octets;
  MsgpackWriter to(octets);
  to.array(3);
  to.string(from);
  write_packet(to, nsp, said);
  to.value(json::value(options_of(said)));
  return octets;
}

/// An event that wants acknowledgements.
std::string encode_question(const std::string& nsp, const NodeMessage& message, const say::Event& said) {
  std::string octets;
  MsgpackWriter to(octets);
  to.map(5);
  to.string("uid");
  to.string(message.from);
  to.string("requestId");
  to.string(message.request);
  to.string("type");
  to.integer(static_cast<std::uint64_t>(Type::broadcast));
  to.string("packet");
  write_packet(to, nsp, said);
  to.string("opts");
  to.value(json::value(options_of(said)));
  return octets;
}

std::string encode_request(const NodeMessage& message, Type type, json::object more) {
  json::object request{{"uid", message.from}};
  if (!message.request.empty()) request["requestId"] = message.request;
  request["type"] = static_cast<int>(type);
  for (auto& [name, value] : more) request[name] = std::move(value);
  return json::serialize(request);
}

std::optional<NodeMessage> request_of(const json::value& request, std::vector<Bytes> attachments) {
  NodeMessage message{.from = text_of(member(request, "uid")), .request = text_of(member(request, "requestId")), .what = {}};
  const json::value* options = member(request, "opts");
  const auto who = [&] {
    // A form of old nodes names one socket.
    const json::value* sid = member(request, "sid");
    return sid ? socketio::Audience{.rooms = {text_of(sid)}, .except = {}} : audience_of(options);
  };
  const auto rooms = [&] {
    const json::value* room = member(request, "room");
    return room ? std::vector{text_of(room)} : texts_of(member(request, "rooms"));
  };
  switch (static_cast<Type>(number_of(member(request, "type"), -1))) {
    case Type::sockets:
      message.what = say::ListSockets{rooms()};
      break;
    case Type::all_rooms:
      message.what = say::ListRooms{};
      break;
    case Type::remote_join:
      message.what = say::JoinRooms{who(), rooms()};
      break;
    case Type::remote_leave:
      message.what = say::LeaveRooms{who(), rooms()};
      break;
    case Type::remote_disconnect: {
      const json::value* close = member(request, "close");
      message.what = say::Disconnect{who(), close && close->is_bool() && close->get_bool()};
      break;
    }
    case Type::remote_fetch:
      message.what = socket_question_of(request);
      break;
    case Type::server_side_emit: {
      const json::value* data = member(request, "data");
      if (!data || !data->is_array() || data->get_array().empty()) return std::nullopt;
      message.what = say::ServerEvent{data->get_array()};
      break;
    }
    case Type::broadcast: {
      auto said = event_of(member(request, "packet"), options, std::move(attachments));
      if (!said) return std::nullopt;
      message.what = std::move(*said);
      break;
    }
    default:
      return std::nullopt;
  }
  return message;
}

}  // namespace

bool is_event(const NodeMessage& message) {
  return std::holds_alternative<say::Event>(message.what) && message.request.empty();
}

std::string encode(const std::string& nsp, const NodeMessage& message) {
  const auto request = [&](Type type, json::object more) { return encode_request(message, type, std::move(more)); };
  const Overloaded each{
      [&](const say::Event& said) {
        return message.request.empty() ? encode_event(nsp, message.from, said) : encode_question(nsp, message, said);
      },
      [&](const say::JoinRooms& join) {
        return request(Type::remote_join, {{"opts", to_json(join.who)}, {"rooms", to_json(join.rooms)}});
      },
      [&](const say::LeaveRooms& leave) {
        return request(Type::remote_leave, {{"opts", to_json(leave.who)}, {"rooms", to_json(leave.rooms)}});
      },
      [&](const say::Disconnect& end) {
        return request(Type::remote_disconnect, {{"opts", to_json(end.who)}, {"close", end.close}});
      },
      [&](const say::FetchSockets& fetch) { return request(Type::remote_fetch, question_of(fetch, to_json(fetch.who))); },
      [&](const say::CountSockets& count) { return request(Type::remote_fetch, question_of(count, to_json(count.who))); },
      [&](const say::ListRooms&) { return request(Type::all_rooms, {}); },
      [&](const say::ListSockets& list) {
        return request(Type::sockets, {{"rooms", to_json(list.rooms)}});
      },
      [&](const say::ServerEvent& said) {
        return request(Type::server_side_emit, {{"data", said.event}});
      },
  };
  return std::visit(each, message.what);
}

std::string encode(const NodeAnswer& given) {
  const auto plain = [&](json::object answer) {
    answer["requestId"] = given.request;
    return json::serialize(answer);
  };
  const Overloaded each{
      [&](const answer::Asked& asked) {
        return plain({{"type", static_cast<int>(Type::client_count)}, {"clientCount", asked.clients}});
      },
      [&](const answer::Acknowledgement& acknowledged) {
        std::string octets;
        MsgpackWriter to(octets);
        to.map(3);
        to.string("type");
        to.integer(static_cast<std::uint64_t>(Type::acknowledgement));
        to.string("requestId");
        to.string(given.request);
        to.string("packet");
        to.value(acknowledged.argument, acknowledged.attachments);
        return octets;
      },
      [&](const answer::Sockets& answer) {
        json::array sockets;
        for (const auto& info : answer.sockets) sockets.push_back(to_json(info));
        return plain({{"sockets", std::move(sockets)}});
      },
      [&](const answer::SocketCount& count) {
        return plain({{"count", count.sockets}});
      },
      [&](const answer::Rooms& answer) {
        return plain({{"rooms", to_json(answer.rooms)}});
      },
      [&](const answer::SocketIds& answer) {
        return plain({{"sockets", to_json(answer.ids)}});
      },
      [&](const answer::ServerAnswer& answer) {
        return plain({{"type", static_cast<int>(Type::server_side_emit)}, {"data", answer.argument}});
      },
  };
  return std::visit(each, given.what);
}

std::optional<NodeMessage> decode_event(const std::string& nsp, std::string_view octets) {
  auto received = receive(octets);
  const json::array* parts = received ? received->value.if_array() : nullptr;
  if (!parts || parts->size() < 3) return std::nullopt;
  const json::value* of = member((*parts)[1], "nsp");
  if ((of ? text_of(of) : "/") != nsp) return std::nullopt;
  auto said = event_of(&(*parts)[1], &(*parts)[2], std::move(received->attachments));
  if (!said) return std::nullopt;
  return NodeMessage{.from = text_of(&parts->front()), .request = {}, .what = std::move(*said)};
}

std::optional<NodeMessage> decode_request(std::string_view octets) {
  auto received = receive(octets);
  if (!received) return std::nullopt;
  return request_of(received->value, std::move(received->attachments));
}

std::optional<NodeAnswer> decode_answer(std::string_view octets) {
  auto received = receive(octets);
  if (!received) return std::nullopt;
  json::value& value = received->value;
  NodeAnswer given{.request = text_of(member(value, "requestId")), .what = {}};
  if (given.request.empty()) return std::nullopt;
  switch (static_cast<Type>(number_of(member(value, "type"), -1))) {
    case Type::client_count:
      given.what = answer::Asked{count_of(member(value, "clientCount"))};
      return given;
    case Type::acknowledgement: {
      const json::value* packet = member(value, "packet");
      given.what = answer::Acknowledgement{packet ? *packet : json::value(), std::move(received->attachments)};
      return given;
    }
    case Type::server_side_emit: {
      const json::value* data = member(value, "data");
      given.what = answer::ServerAnswer{data ? *data : json::value()};
      return given;
    }
    default:
      break;
  }
  if (const json::value* sockets = member(value, "sockets"); sockets && sockets->is_array()) {
    const json::array& array = sockets->get_array();
    if (!array.empty() && array.front().is_string()) {
      given.what = answer::SocketIds{texts_of(sockets)};
    } else {
      given.what = answer::Sockets{sockets_of(array)};
    }
    return given;
  }
  if (const json::value* count = member(value, "count")) {
    given.what = answer::SocketCount{count_of(count)};
    return given;
  }
  if (const json::value* rooms = member(value, "rooms")) {
    given.what = answer::Rooms{texts_of(rooms)};
    return given;
  }
  return std::nullopt;
}

}  // namespace atrium::cluster::classic
