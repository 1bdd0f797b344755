#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "cluster/node_message.h"

// What the official adapters' forms have in common. Pure functions of any thread. What a peer leaves out is empty.

namespace atrium::cluster {

/// A value as it came, JSON or MessagePack by its first octet, with the octets in it beside.
struct Received {
  json::value value;
  std::vector<Bytes> attachments;
};
std::optional<Received> receive(std::string_view octets);

/// Null when `value` is no object, or has no such member.
const json::value* member(const json::value& value, std::string_view name);
std::string text_of(const json::value* value);
std::int64_t number_of(const json::value* value, std::int64_t otherwise = 0);
std::size_t count_of(const json::value* value);
/// Node's rooms may be numbers.
std::vector<std::string> texts_of(const json::value* value);
json::array to_json(const std::vector<std::string>& texts);

/// {rooms, except}, and {rooms, except, flags}.
json::object to_json(const socketio::Audience& audience);
json::object options_of(const socketio::Audience& audience);
json::object options_of(const say::Event& event);
socketio::Audience audience_of(const json::value* options);
/// `packet` and `options` as a peer sent them; none when the packet is no event.
std::optional<say::Event> event_of(const json::value* packet, const json::value* options, std::vector<Bytes> attachments);

// Among an event's flags ours say its place, see say::Event, which the others do not look at: place: "origin.number".

// Official nodes answer a question about sockets with everything. Ours may say beside its options, in a member that the others
// do not look at, that less will do:
//
//    atrium: "without_handshake"     the answer's sockets have no member `handshake`
//
//    atrium: "count"                 the answer has a number, `count`, in the place of `sockets`

json::object question_of(const say::FetchSockets& fetch, json::object options);
json::object question_of(const say::CountSockets& count, json::object options);
decltype(NodeMessage::what) socket_question_of(const json::value& question);

json::object to_json(const socketio::SocketInfo& info);
std::vector<socketio::SocketInfo> sockets_of(const json::array& sockets);

}  // namespace atrium::cluster
