#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>

// What live streams say: the data of their server-sent events.

namespace atrium::chat::events {

struct StatsUpdate {  ///< stats:update
  std::uint64_t onlineUsersCount;
  std::string timestamp;
  std::uint64_t connections;
  std::uint64_t away;
  std::uint64_t dnd;
  std::uint64_t typingUsers;
  std::uint64_t messagesPerMin;
  std::optional<bool> degraded;  ///< true while the other nodes are out of reach: of them it is what was heard last
};
BOOST_DESCRIBE_STRUCT(StatsUpdate, (),
                      (onlineUsersCount, timestamp, connections, away, dnd, typingUsers, messagesPerMin, degraded))

struct ActivityReady {  ///< activity:ready, the first of a stream
  bool resumed;         ///< what follows is all that came after Last-Event-ID; else something may have been missed
  std::string timestamp;
};
BOOST_DESCRIBE_STRUCT(ActivityReady, (), (resumed, timestamp))

struct MessageActivity {  ///< message:new, message:edited, message:deleted; what was said is for the channel alone
  std::string workspaceId;
  std::string channelId;
  std::string messageId;
  std::string senderId;
  std::string senderName;
  std::uint64_t seq;
  std::uint64_t rev;
  std::string timestamp;
};
BOOST_DESCRIBE_STRUCT(MessageActivity, (), (workspaceId, channelId, messageId, senderId, senderName, seq, rev, timestamp))

struct MemberActivity {  ///< member:added, member:removed
  std::string workspaceId;
  std::string channelId;
  std::string userId;
  std::string timestamp;
};
BOOST_DESCRIBE_STRUCT(MemberActivity, (), (workspaceId, channelId, userId, timestamp))

struct StreamEnd {  ///< end: the reader may see this no more, or the server cannot go on
  std::string code;
  std::string message;
  unsigned status;
};
BOOST_DESCRIBE_STRUCT(StreamEnd, (), (code, message, status))

}  // namespace atrium::chat::events
