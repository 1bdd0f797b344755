#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/describe.h"
#include "socketio/socket.h"

namespace atrium::chat {

/// What a client whose connection was lost finds again of its Visitor: kept in the socket's `data`, which recovery carries from
/// one connection to the next, to whatever shard. Who he is and where he may be is asked anew then.
struct Keepsake {
  std::string userId;
  std::string session;
  std::optional<std::int64_t> expiresAt;  ///< of his token, milliseconds since 1970
  std::vector<std::string> joined;        ///< channels

  /// Of a socket that has been let in and is about to go. On its shard.
  static void leave(socketio::Socket& socket);
  /// Out of a socket's `data`.
  static std::optional<Keepsake> of(const json::object& data);
};
BOOST_DESCRIBE_STRUCT(Keepsake, (), (userId, session, expiresAt, joined))

}  // namespace atrium::chat
