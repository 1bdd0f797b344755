#pragma once

#include <memory>
#include <set>

#include "chat/capabilities.h"
#include "chat/identity.h"
#include "net/deadline_queue.h"
#include "socketio/socket.h"

namespace atrium::chat {

/// What the chat keeps with a socket, on the socket's shard, as long as the socket.
struct Visitor {
  enum class State {
    entering,  ///< the token was valid, the user is being looked up
    ready,
    limbo,  ///< no valid token: it joins nothing, receives nothing, counts nowhere
  };

  State state = State::entering;
  Capabilities caps;
  std::shared_ptr<const Identity> identity;  ///< once ready
  std::set<storage::ChannelId> joined;
  std::uint64_t removals =
      0;             ///< of a recovered socket: how many there had been (Channels) before it was asked where it may be
  int refusals = 0;  ///< events that came in limbo
  std::unique_ptr<net::Deadline> limbo_end;
};

/// Every socket of the chat has one from its connection on.
inline Visitor& visitor_of(socketio::Socket& socket) {
  return *std::any_cast<const std::shared_ptr<Visitor>&>(socket.local_data);
}

}  // namespace atrium::chat
