#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cluster/node_message.h"
#include "cluster/wire_parts.h"

// What npm's socket.io-adapter 2.5 (ClusterAdapter) says, below @socket.io/redis-adapter's createShardedAdapter() and
// @socket.io/redis-streams-adapter alike. Pure functions of any thread.
//
//    {type: 3..12, data: {...}, uid, nsp}      in JSON, or in MessagePack where there are octets in it

namespace atrium::cluster::adapter {

/// The parts of a message, before the bus puts them together.
struct Parts {
  int type = 0;
  json::object data;
  std::vector<Bytes> attachments;
};
Parts parts_of(const NodeMessage& message);
Parts parts_of(const NodeAnswer& answer);

/// All in one.
std::string encode(const std::string& nsp, const std::string& from, Parts parts);
/// The same in MessagePack in any case.
std::string encode_msgpack(const std::string& nsp, const std::string& from, Parts parts);

/// None for what is of another namespace, or of no form that is known.
std::optional<NodeMessage> message_of(const std::string& nsp, Received received);
std::optional<NodeAnswer> answer_of(Received received);
/// The same of parts.
std::optional<NodeMessage> message_of(std::string from, int type, const json::value& data, std::vector<Bytes> attachments);

}  // namespace atrium::cluster::adapter
