#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Events about what is said.

namespace atrium::chat::events {

struct SendRequest {  ///< message:send
  std::string channelId;
  std::string content;
  std::optional<std::string> clientMsgId;  ///< makes a repetition harmless
};
BOOST_DESCRIBE_STRUCT(SendRequest, (), (channelId, content, clientMsgId))

struct EditRequest {  ///< message:edit
  std::string messageId;
  std::string content;
  std::optional<std::uint64_t> ifRev;  ///< refused when the message is at another revision
};
BOOST_DESCRIBE_STRUCT(EditRequest, (), (messageId, content, ifRev))

struct MessageRef {  ///< message:delete
  std::string messageId;
};
BOOST_DESCRIBE_STRUCT(MessageRef, (), (messageId))

struct MessageNew {  ///< message:new
  std::string messageId;
  std::string channelId;
  std::string senderId;
  std::string senderName;
  std::string content;
  std::string createdAt;
  std::uint64_t seq;
  std::uint64_t prevSeq;  ///< a client that has not seen it has missed something
  std::uint64_t rev;      ///< above 1 where a client that was away is told of a message that has been edited since
  std::uint64_t modSeq;
  std::vector<std::string> mentions;  ///< the ids of the users whom the content names
  std::optional<std::string> clientMsgId;
};
BOOST_DESCRIBE_STRUCT(MessageNew, (),
                      (messageId, channelId, senderId, senderName, content, createdAt, seq, prevSeq, rev, modSeq, mentions,
                       clientMsgId))

struct MessageEdited {  ///< message:edited
  std::string messageId;
  std::string channelId;
  std::string content;
  std::string updatedAt;
  std::uint64_t seq;
  std::uint64_t rev;
  std::uint64_t modSeq;
  std::vector<std::string> mentions;
};
BOOST_DESCRIBE_STRUCT(MessageEdited, (), (messageId, channelId, content, updatedAt, seq, rev, modSeq, mentions))

struct MessageDeleted {  ///< message:deleted
  std::string messageId;
  std::string channelId;
  std::uint64_t seq;
  std::uint64_t rev;
  std::uint64_t modSeq;
};
BOOST_DESCRIBE_STRUCT(MessageDeleted, (), (messageId, channelId, seq, rev, modSeq))

struct Sent {  ///< acknowledges message:send
  bool ok = true;
  std::string messageId;
  std::uint64_t seq;
  std::uint64_t modSeq;
  std::string createdAt;
  bool duplicate;
};
BOOST_DESCRIBE_STRUCT(Sent, (), (ok, messageId, seq, modSeq, createdAt, duplicate))

struct Changed {  ///< acknowledges message:edit, message:delete
  bool ok = true;
  std::string messageId;
  std::uint64_t seq;
  std::uint64_t rev;
  std::uint64_t modSeq;
  std::string updatedAt;
};
BOOST_DESCRIBE_STRUCT(Changed, (), (ok, messageId, seq, rev, modSeq, updatedAt))

}  // namespace atrium::chat::events
