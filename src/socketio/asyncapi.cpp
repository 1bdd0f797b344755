#include "socketio/asyncapi.h"

namespace atrium::socketio {

namespace {

json::object reference(const std::string& to) { return {{"$ref", to}}; }

/// Keys of components have no colons.
std::string key_of(std::string event) {
  for (char& c : event) c = c == ':' ? '.' : c;
  return event;
}

json::object operation(std::string_view action, const std::string& summary, json::object message) {
  json::object made{{"action", json::string(action)}, {"channel", reference("#/channels/namespace")}};
  if (!summary.empty()) made["summary"] = summary;
  json::array& messages = made["messages"].emplace_array();
  messages.push_back(std::move(message));
  return made;
}

}  // namespace

json::object AsyncApi::add_message(const std::string& key, std::string_view event, std::string_view summary,
                                   const std::optional<json::object>& payload) {
  json::object message{{"name", json::string(event)}};
  if (!summary.empty()) message["summary"] = json::string(summary);
  if (payload) message["payload"] = *payload;
  messages_[key] = std::move(message);
  return reference("#/channels/namespace/messages/" + key);
}

void AsyncApi::add_received(Received received) {
  const std::string key = key_of(received.event);
  json::object made =
      operation("receive", received.summary, add_message("receive." + key, received.event, received.summary, received.payload));
  if (received.answer) {
    const std::string summary = "Acknowledges " + received.event;
    json::object answer = add_message("acknowledge." + key, received.event, summary, received.answer);
    json::object& reply = made["reply"].emplace_object();
    reply["channel"] = reference("#/channels/namespace");
    reply["messages"].emplace_array().push_back(std::move(answer));
  }
  operations_["receive." + key] = std::move(made);
}

void AsyncApi::add_sent(std::string event, std::string summary, json::object payload) {
  std::string key = "send." + key_of(event);
  for (int another = 2; messages_.contains(key); ++another) key = "send." + key_of(event) + "." + std::to_string(another);
  operations_[key] = operation("send", summary, add_message(key, event, summary, payload));
}

json::object AsyncApi::document() const {
  json::object info{{"title", info_.title}, {"version", info_.version}};
  if (!info_.description.empty()) info["description"] = info_.description;

  json::object server{{"host", "{host}"},
                      {"pathname", info_.path},
                      {"protocol", "socket.io"},
                      {"protocolVersion", "5"},
                      {"variables", json::object{{"host", json::object{{"default", "localhost"}}}}}};
  if (!info_.security_schemes.empty()) {
    json::array& security = server["security"].emplace_array();
    for (const auto& scheme : info_.security_schemes) {
      security.push_back(reference("#/components/securitySchemes/" + std::string(scheme.key())));
    }
  }

  json::object messages;
  for (const auto& message : messages_) {
    messages[message.key()] = reference("#/components/messages/" + std::string(message.key()));
  }
  json::object channel{{"address", info_.nsp}, {"title", "Namespace " + info_.nsp}, {"messages", std::move(messages)}};

  json::object components{{"messages", messages_}, {"schemas", schemas_.named()}};
  if (!info_.security_schemes.empty()) components["securitySchemes"] = info_.security_schemes;
  return {{"asyncapi", "3.0.0"},
          {"info", std::move(info)},
          {"defaultContentType", "application/json"},
          {"servers", json::object{{"server", std::move(server)}}},
          {"channels", json::object{{"namespace", std::move(channel)}}},
          {"operations", operations_},
          {"components", std::move(components)}};
}

}  // namespace atrium::socketio
