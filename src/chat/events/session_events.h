#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Events about the connection itself: who its user is, and what was refused.

namespace atrium::chat::events {

struct TokenRequest {  ///< auth:refresh
  std::string token;
};
BOOST_DESCRIBE_STRUCT(TokenRequest, (), (token))

struct Welcome {  ///< welcome
  std::string id;
  std::string userId;
  std::string serverTime;
  std::vector<std::string> caps;           ///< those of the client's that are known here
  std::optional<std::string> nodeId = {};  ///< of several nodes, which one this is
};
BOOST_DESCRIBE_STRUCT(Welcome, (), (id, userId, serverTime, caps, nodeId))

struct Authenticated {  ///< acknowledges auth:refresh
  bool ok = true;
  std::string userId;
};
BOOST_DESCRIBE_STRUCT(Authenticated, (), (ok, userId))

struct AuthExpiring {  ///< auth:expiring
  std::string expiresAt;
};
BOOST_DESCRIBE_STRUCT(AuthExpiring, (), (expiresAt))

struct Error {  ///< error
  std::string message;
  std::string code;
  unsigned status;
  std::optional<std::string> event;  ///< what was refused
  std::optional<std::string> channelId;
  std::optional<std::string> clientMsgId;
  std::optional<std::string> field;
  std::optional<std::uint64_t> retryAfterMs;
};
BOOST_DESCRIBE_STRUCT(Error, (), (message, code, status, event, channelId, clientMsgId, field, retryAfterMs))

struct Fault {
  std::string code;
  std::string message;
  unsigned status;
  std::optional<std::string> field;
  std::optional<std::uint64_t> retryAfterMs;
};
BOOST_DESCRIBE_STRUCT(Fault, (), (code, message, status, field, retryAfterMs))

struct Refused {  ///< acknowledges whatever was refused
  bool ok = false;
  Fault error;
};
BOOST_DESCRIBE_STRUCT(Refused, (), (ok, error))

}  // namespace atrium::chat::events
