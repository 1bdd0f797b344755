#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/describe.h"
#include "cluster/client_wire.h"

// What two nodes say to each other when a lost client of the one has come to the other.

namespace atrium::chat::handover {

/// Whom another node has fetched is here no more when that one has not said so by then.
constexpr Duration kMoving = std::chrono::seconds(1);

/// Who knows the client of that private id? To all; answered with Found, or null.
struct Seek {
  static constexpr const char* kName = "atrium:seek";
  std::string pid;
};
BOOST_DESCRIBE_STRUCT(Seek, (), (pid))

struct Found {
  std::string node;
  std::vector<std::string> channels;  ///< that it has joined
};
BOOST_DESCRIBE_STRUCT(Found, (), (node, channels))

/// `node` is to give it to the asker, whose rooms of these channels are open by now. To all; answered with Session, or null.
struct Take {
  static constexpr const char* kName = "atrium:take";
  std::string node;
  std::string pid;
  std::optional<std::string> offset;  ///< of the last that it has heard
};
BOOST_DESCRIBE_STRUCT(Take, (), (node, pid, offset))

struct Typing {
  std::string userId;
  std::string name;

  bool operator==(const Typing&) const = default;
};
BOOST_DESCRIBE_STRUCT(Typing, (), (userId, name))

/// How the client sees a channel once it has been told what it missed.
struct Channel {
  std::string channelId;
  std::uint64_t modSeq = 0;  ///< the last change that it knows
  std::vector<Typing> typists;
  bool state = false;              ///< it knows that somebody types, as those are told who hear of many at once
  std::vector<std::string> users;  ///< who is in
};
BOOST_DESCRIBE_STRUCT(Channel, (), (channelId, modSeq, typists, state, users))

/// What the client's next node must go on from.
struct View {
  std::vector<Channel> channels;
  std::vector<std::string> online;  ///< whom it takes for online, if it is told each change by itself

  Channel* channel(std::string_view id) {
    const auto found =
        std::find_if(channels.begin(), channels.end(), [&](const Channel& each) { return each.channelId == id; });
    return found == channels.end() ? nullptr : &*found;
  }
};
BOOST_DESCRIBE_STRUCT(View, (), (channels, online))

struct Session {
  std::string sid;
  std::vector<std::string> rooms;  ///< in which it was
  json::value data;
  std::vector<std::string> spared;  ///< ids of episodes
  std::vector<cluster::ClientSaid> missed;
  View view;
};
BOOST_DESCRIBE_STRUCT(Session, (), (sid, rooms, data, spared, missed, view))

}  // namespace atrium::chat::handover
