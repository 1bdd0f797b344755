#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cluster/node_message.h"

// What npm's @socket.io/redis-adapter 8 (createAdapter) and @socket.io/redis-emitter 5 publish, octet for octet as they would.
// Pure functions of any thread.
//
//    an event       [uid, {type: 2, data, nsp}, {rooms, except, flags}] in MessagePack
//
//    an order       {uid, type, ...} in JSON
//
//    a question     {uid, requestId, type, ...} in JSON; in MessagePack where an event asks for acknowledgements
//
//    an answer      {requestId, ...} in JSON; in MessagePack where it is an acknowledgement

namespace atrium::cluster::classic {

/// Whether it goes to the channel of events; else to that of questions.
bool is_event(const NodeMessage& message);

std::string encode(const std::string& nsp, const NodeMessage& message);
std::string encode(const NodeAnswer& answer);

/// None for what is of another namespace, or of no form that is known.
std::optional<NodeMessage> decode_event(const std::string& nsp, std::string_view octets);
std::optional<NodeMessage> decode_request(std::string_view octets);
std::optional<NodeAnswer> decode_answer(std::string_view octets);

}  // namespace atrium::cluster::classic
