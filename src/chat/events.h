#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The contract with the clients: every event of the namespace /chat and its payload. Optional members are left out when they
// are empty; clients of the original application ignore those that it does not know.

namespace atrium::chat {

inline constexpr std::string_view kNamespace = "/chat";
inline constexpr std::string_view kPath = "/ws";

namespace events {

// What a client sends.

struct ChannelRef {  ///< channel:join, channel:leave, channel:typing, channel:stop_typing
  std::string channelId;
};
BOOST_DESCRIBE_STRUCT(ChannelRef, (), (channelId))

struct SendRequest {  ///< message:send
  std::string channelId;
  std::string content;
  std::optional<std::string> clientMsgId;  ///< makes a repetition harmless
};
BOOST_DESCRIBE_STRUCT(SendRequest, (), (channelId, content, clientMsgId))

struct EditRequest {  ///< message:edit
  std::string messageId;
  std::string content;
};
BOOST_DESCRIBE_STRUCT(EditRequest, (), (messageId, content))

struct MessageRef {  ///< message:delete
  std::string messageId;
};
BOOST_DESCRIBE_STRUCT(MessageRef, (), (messageId))

struct TokenRequest {  ///< auth:refresh
  std::string token;
};
BOOST_DESCRIBE_STRUCT(TokenRequest, (), (token))

// What a client receives.

struct Welcome {  ///< welcome
  std::string id;
  std::string userId;
  std::string serverTime;
};
BOOST_DESCRIBE_STRUCT(Welcome, (), (id, userId, serverTime))

struct Online {  ///< presence:online
  std::string userId;
  std::string userName;
};
BOOST_DESCRIBE_STRUCT(Online, (), (userId, userName))

struct Offline {  ///< presence:offline
  std::string userId;
};
BOOST_DESCRIBE_STRUCT(Offline, (), (userId))

struct ChannelUser {  ///< channel:user_joined, channel:user_left, channel:stop_typing
  std::string channelId;
  std::string userId;
};
BOOST_DESCRIBE_STRUCT(ChannelUser, (), (channelId, userId))

struct Typing {  ///< channel:typing
  std::string channelId;
  std::string userId;
  std::string userName;
};
BOOST_DESCRIBE_STRUCT(Typing, (), (channelId, userId, userName))

struct ChannelRemoved {  ///< channel:removed
  std::string channelId;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(ChannelRemoved, (), (channelId, reason))

struct MessageNew {  ///< message:new
  std::string messageId;
  std::string channelId;
  std::string senderId;
  std::string senderName;
  std::string content;
  std::string createdAt;
  std::uint64_t seq;
  std::uint64_t prevSeq;  ///< a client that has not seen it has missed something
  std::optional<std::string> clientMsgId;
};
BOOST_DESCRIBE_STRUCT(MessageNew, (),
                      (messageId, channelId, senderId, senderName, content, createdAt, seq, prevSeq, clientMsgId))

struct MessageEdited {  ///< message:edited
  std::string messageId;
  std::string channelId;
  std::string content;
  std::string updatedAt;
  std::uint64_t seq;
  std::uint64_t rev;
};
BOOST_DESCRIBE_STRUCT(MessageEdited, (), (messageId, channelId, content, updatedAt, seq, rev))

struct MessageDeleted {  ///< message:deleted
  std::string messageId;
  std::string channelId;
  std::uint64_t seq;
};
BOOST_DESCRIBE_STRUCT(MessageDeleted, (), (messageId, channelId, seq))

struct Error {  ///< error
  std::string message;
  std::string code;
  unsigned status;
  std::optional<std::string> event;  ///< what was refused
  std::optional<std::string> channelId;
  std::optional<std::string> clientMsgId;
  std::optional<std::string> field;
};
BOOST_DESCRIBE_STRUCT(Error, (), (message, code, status, event, channelId, clientMsgId, field))

// What an acknowledgement says.

struct Joined {
  bool ok = true;
  std::string channelId;
  std::uint64_t lastSeq;
  std::uint64_t members;  ///< users who are in the channel now
  std::vector<Online> typing;
};
BOOST_DESCRIBE_STRUCT(Joined, (), (ok, channelId, lastSeq, members, typing))

struct Left {
  bool ok = true;
  std::string channelId;
};
BOOST_DESCRIBE_STRUCT(Left, (), (ok, channelId))

struct Sent {
  bool ok = true;
  std::string messageId;
  std::uint64_t seq;
  std::string createdAt;
  bool duplicate;
};
BOOST_DESCRIBE_STRUCT(Sent, (), (ok, messageId, seq, createdAt, duplicate))

struct Changed {
  bool ok = true;
  std::string messageId;
  std::uint64_t rev;
  std::string updatedAt;
};
BOOST_DESCRIBE_STRUCT(Changed, (), (ok, messageId, rev, updatedAt))

struct Authenticated {
  bool ok = true;
  std::string userId;
};
BOOST_DESCRIBE_STRUCT(Authenticated, (), (ok, userId))

}  // namespace events
}  // namespace atrium::chat
