#pragma once

#include <memory>
#include <set>
#include <vector>

#include "chat/capabilities.h"
#include "chat/identity.h"
#include "chat/limits/event_limits.h"
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

  /// Of the token that was shown last, where connections end with their tokens.
  enum class TokenPhase { good, announced, expired };

  State state = State::entering;
  Capabilities caps;
  std::shared_ptr<const Identity> identity;  ///< once ready
  std::set<storage::ChannelId> joined;
  TimePoint last_sign{};                   ///< of life, that presence has been told
  std::vector<storage::ChannelId> typing;  ///< where it says that it types, the latest last
  std::unique_ptr<EventLimits> limits;     ///< from its first event on
  TokenPhase token_phase = TokenPhase::good;
  std::unique_ptr<net::Deadline> token_step;  ///< to the next phase; see TokenExpiry
  std::optional<WallTime> expires_at = {};    ///< of that token
  int refusals = 0;                           ///< events that came in limbo
  int storing = 0;                            ///< messages on their way into the database
  std::unique_ptr<net::Deadline> limbo_end;
};

/// Every socket of the chat has one from its connection on.
inline Visitor& visitor_of(socketio::Socket& socket) {
  return *std::any_cast<const std::shared_ptr<Visitor>&>(socket.local_data);
}

}  // namespace atrium::chat
