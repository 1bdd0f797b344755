#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/describe.h"
#include "socketio/handed_over.h"

// How a lost client goes from one node to another: what all that hand clients over have in common. Plain values.

namespace atrium::cluster {

namespace json = boost::json;

/// What it has yet to be told, the way it was said.
struct ClientSaid {
  json::value event;
  std::vector<std::string> octets;  ///< that belong to it, in base64
  std::vector<std::string> rooms;   ///< to whom; none: to it alone
  std::vector<std::string> except;
  std::optional<std::string> episode;  ///< its id
  std::uint64_t part = 0;
  bool spares = false;
};
BOOST_DESCRIBE_STRUCT(ClientSaid, (), (event, octets, rooms, except, episode, part, spares))

std::vector<ClientSaid> to_wire(std::vector<socketio::HandedOver::Said> missed);
/// What is no event is left out.
std::vector<socketio::HandedOver::Said> from_wire(std::vector<ClientSaid> missed);

/// Ids of episodes.
std::vector<std::string> to_wire(const std::set<std::uint64_t>& episodes);
std::set<std::uint64_t> from_wire(const std::vector<std::string>& episodes);

}  // namespace atrium::cluster
