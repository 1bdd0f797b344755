#include "cluster/wire_parts.h"

#include "socketio/handshake_json.h"
#include "socketio/msgpack_codec.h"

namespace atrium::cluster {

namespace {

// Nodes trust each other more than clients, but nothing is without a bound.
constexpr socketio::MsgpackLimits kLimits{.max_depth = 64, .max_attachments = 1000};

constexpr int kEvent = 2;

constexpr std::string_view kEnough = "atrium";
constexpr std::string_view kWithoutHandshake = "without_handshake";
constexpr std::string_view kCount = "count";
constexpr std::string_view kPlace = "place";

}  // namespace

std::optional<Received> receive(std::string_view octets) {
  if (octets.starts_with('{')) {
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = kLimits.max_depth;
    auto value = json::parse(octets, error, {}, options);
    if (error) return std::nullopt;
    return Received{std::move(value), {}};
  }
  auto decoded = socketio::msgpack_decode(octets, kLimits);
  if (!decoded) return std::nullopt;
  return Received{std::move(decoded->value), std::move(decoded->attachments)};
}

const json::value* member(const json::value& value, std::string_view name) {
  const json::object* object = value.if_object();
  return object ? object->if_contains(name) : nullptr;
}

std::string text_of(const json::value* value) {
  if (!value) return {};
  if (const json::string* text = value->if_string()) return std::string(*text);
  return value->is_number() ? json::serialize(*value) : std::string();
}

std::int64_t number_of(const json::value* value, std::int64_t otherwise) {
  if (!value) return otherwise;
  boost::system::error_code error;
  const auto number = value->to_number<std::int64_t>(error);
  return error ? otherwise : number;
}

std::size_t count_of(const json::value* value) { return static_cast<std::size_t>(std::max<std::int64_t>(number_of(value), 0)); }

std::vector<std::string> texts_of(const json::value* value) {
  std::vector<std::string> texts;
  const json::array* array = value ? value->if_array() : nullptr;
  if (!array) return texts;
  texts.reserve(array->size());
  for (const auto& element : *array) texts.push_back(text_of(&element));
  return texts;
}

json::array to_json(const std::vector<std::string>& texts) {
  json::array array;
  array.reserve(texts.size());
  for (const auto& text : texts) array.emplace_back(json::string(text));
  return array;
}

json::object to_json(const socketio::Audience& audience) {
  return {{"rooms", to_json(audience.rooms)}, {"except", to_json(audience.except)}};
}

json::object options_of(const socketio::Audience& audience) {
  json::object options = to_json(audience);
  options["flags"] = json::object();
  return options;
}

json::object options_of(const say::Event& event) {
  json::object flags;
  if (event.may_drop) flags["volatile"] = true;
  if (!event.compress) flags["compress"] = false;
  if (event.timeout > Duration::zero()) {
    flags["timeout"] = std::chrono::duration_cast<std::chrono::milliseconds>(event.timeout).count();
  }
  if (event.place) flags[kPlace] = socketio::to_string(*event.place);
  json::object options = to_json(event.audience);
  options["flags"] = std::move(flags);
  return options;
}

socketio::Audience audience_of(const json::value* options) {
  if (!options) return {};
  return {.rooms = texts_of(member(*options, "rooms")), .except = texts_of(member(*options, "except"))};
}

std::optional<say::Event> event_of(const json::value* packet, const json::value* options, std::vector<Bytes> attachments) {
  if (!packet || number_of(member(*packet, "type"), kEvent) != kEvent) return std::nullopt;
  const json::value* data = member(*packet, "data");
  if (!data || !data->is_array() || data->get_array().empty()) return std::nullopt;
  say::Event event{.audience = audience_of(options),
                   .event = std::make_shared<const socketio::Outgoing>(
                       socketio::Outgoing{.array = data->get_array(), .attachments = std::move(attachments)})};
  const json::value* flags = options ? member(*options, "flags") : nullptr;
  if (!flags) return event;
  const auto is = [&](std::string_view name, bool wanted) {
    const json::value* flag = member(*flags, name);
    return flag && flag->is_bool() && flag->get_bool() == wanted;
  };
  event.may_drop = is("volatile", true);
  event.compress = !is("compress", false);
  event.timeout = std::chrono::milliseconds(std::max<std::int64_t>(number_of(member(*flags, "timeout")), 0));
  event.place = socketio::parse_offset(text_of(member(*flags, kPlace)));
  if (event.place && (event.place->origin == say::kBusOrigin || event.place->number == 0)) event.place.reset();
  return event;
}

json::object question_of(const say::FetchSockets& fetch, json::object options) {
  json::object question{{"opts", std::move(options)}};
  if (fetch.detail == socketio::Detail::without_handshake) question[kEnough] = kWithoutHandshake;
  return question;
}

json::object question_of(const say::CountSockets&, json::object options) {
  return {{"opts", std::move(options)}, {kEnough, kCount}};
}

decltype(NodeMessage::what) socket_question_of(const json::value& question) {
  socketio::Audience who = audience_of(member(question, "opts"));
  const std::string enough = text_of(member(question, kEnough));
  if (enough == kCount) return say::CountSockets{std::move(who)};
  const bool bare = enough == kWithoutHandshake;
  return say::FetchSockets{std::move(who), bare ? socketio::Detail::without_handshake : socketio::Detail::with_handshake};
}

json::object to_json(const socketio::SocketInfo& info) {
  json::object socket{{"id", info.id}};
  if (info.handshake) {
    json::object handshake = socketio::to_json(*info.handshake);
    handshake["auth"] = json::object();
    socket["handshake"] = std::move(handshake);
  }
  socket["rooms"] = to_json(info.rooms);
  socket["data"] = info.data;
  return socket;
}

std::vector<socketio::SocketInfo> sockets_of(const json::array& sockets) {
  std::vector<socketio::SocketInfo> infos;
  infos.reserve(sockets.size());
  for (const auto& socket : sockets) {
    socketio::SocketInfo info;
    info.id = text_of(member(socket, "id"));
    info.rooms = texts_of(member(socket, "rooms"));
    if (const json::value* data = member(socket, "data"); data && data->is_object()) info.data = data->get_object();
    if (const json::value* told = member(socket, "handshake"); told && told->is_object()) {
      info.handshake = socketio::handshake_of(told->get_object());
    }
    if (!info.id.empty()) infos.push_back(std::move(info));
  }
  return infos;
}

}  // namespace atrium::cluster
