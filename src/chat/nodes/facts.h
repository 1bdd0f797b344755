#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.h"
#include "chat/messages/message_frame.h"

// What the nodes of one chat tell each other. Each node speaks of its own sockets only, and says how things are rather than how
// they have changed: heard twice, a fact is the same.

namespace atrium::chat::facts {

/// A message has been stored, changed or deleted.
struct Said {
  static constexpr std::string_view kName = "said";
  MessageFrame::Kind kind = MessageFrame::Kind::created;
  std::string messageId;
  std::string channelId;
  std::string senderId;
  std::string senderName;
  std::string content;
  std::string clientMsgId;
  std::uint64_t seq = 0;
  std::uint64_t rev = 0;
  std::uint64_t modSeq = 0;
  std::vector<std::string> mentions;
  std::int64_t createdAt = 0;  ///< milliseconds since 1970
  std::int64_t updatedAt = 0;
};
BOOST_DESCRIBE_STRUCT(Said, (),
                      (kind, messageId, channelId, senderId, senderName, content, clientMsgId, seq, rev, modSeq, mentions,
                       createdAt, updatedAt))

/// Somebody has read up to `seq`; `receipts`: the others in the channel are to know.
struct Read {
  static constexpr std::string_view kName = "read";
  std::string channelId;
  std::string userId;
  std::uint64_t seq = 0;
  std::uint64_t unread = 0;
  bool receipts = false;
};
BOOST_DESCRIBE_STRUCT(Read, (), (channelId, userId, seq, unread, receipts))

// --- who is in a channel

/// The user has sockets of this node in the channel, or none any more. The node has `sockets` there.
struct InChannel {
  static constexpr std::string_view kName = "in";
  std::string channelId;
  std::string userId;
  bool in = false;
  std::uint64_t sockets = 0;
};
BOOST_DESCRIBE_STRUCT(InChannel, (), (channelId, userId, in, sockets))

struct Typist {
  std::string userId;
  std::string name;
  std::uint64_t lasts = 0;  ///< milliseconds, if nothing more is said
};
BOOST_DESCRIBE_STRUCT(Typist, (), (userId, name, lasts))

/// The user types by a socket of this node, or does not any more.
struct Types {
  static constexpr std::string_view kName = "types";
  std::string channelId;
  Typist typist;
  bool types = false;
};
BOOST_DESCRIBE_STRUCT(Types, (), (channelId, typist, types))

/// All of that about one channel.
struct Channel {
  static constexpr std::string_view kName = "channel";
  std::string channelId;
  std::vector<std::string> users;
  std::vector<Typist> typists;
  std::uint64_t sockets = 0;
};
BOOST_DESCRIBE_STRUCT(Channel, (), (channelId, users, typists, sockets))

// --- who is here

/// The user has sockets of this node, or had until a moment ago.
struct Here {
  static constexpr std::string_view kName = "here";
  std::string userId;
  std::string name;
  std::vector<std::string> workspaces;
  std::uint64_t sockets = 0;
  bool awake = false;           ///< not away, until that is said
  std::uint64_t activeAgo = 0;  ///< milliseconds since the last sign of life
};
BOOST_DESCRIBE_STRUCT(Here, (), (userId, name, workspaces, sockets, awake, activeAgo))

struct Gone {
  static constexpr std::string_view kName = "gone";
  std::string userId;
};
BOOST_DESCRIBE_STRUCT(Gone, (), (userId))

/// All users of this node.
struct Roster {
  static constexpr std::string_view kName = "roster";
  std::vector<Here> users;
};
BOOST_DESCRIBE_STRUCT(Roster, (), (users))

/// The user has chosen how he is shown: "dnd", "invisible", or empty for as he is.
struct Chose {
  static constexpr std::string_view kName = "chose";
  std::string userId;
  std::string status;
  std::optional<std::int64_t> until;  ///< milliseconds since 1970
};
BOOST_DESCRIBE_STRUCT(Chose, (), (userId, status, until))

// --- who may be where: the database knows, and those are waited for that act on it

struct LeftChannel {
  static constexpr std::string_view kName = "left-channel";
  std::string channelId;
  std::string userId;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(LeftChannel, (), (channelId, userId, reason))

struct ClosedChannel {
  static constexpr std::string_view kName = "closed-channel";
  std::string channelId;
};
BOOST_DESCRIBE_STRUCT(ClosedChannel, (), (channelId))

struct EnteredChannel {
  static constexpr std::string_view kName = "entered-channel";
  std::string channelId;
  std::string userId;
};
BOOST_DESCRIBE_STRUCT(EnteredChannel, (), (channelId, userId))

struct EnteredWorkspace {
  static constexpr std::string_view kName = "entered-workspace";
  std::string workspaceId;
  std::string userId;
};
BOOST_DESCRIBE_STRUCT(EnteredWorkspace, (), (workspaceId, userId))

struct LeftWorkspace {
  static constexpr std::string_view kName = "left-workspace";
  std::string workspaceId;
  std::string userId;
  std::vector<std::string> channels;  ///< of the workspace
};
BOOST_DESCRIBE_STRUCT(LeftWorkspace, (), (workspaceId, userId, channels))

struct ClosedWorkspace {
  static constexpr std::string_view kName = "closed-workspace";
  std::string workspaceId;
  std::vector<std::string> channels;
};
BOOST_DESCRIBE_STRUCT(ClosedWorkspace, (), (workspaceId, channels))

struct EndedSession {
  static constexpr std::string_view kName = "ended-session";
  std::string sessionId;
};
BOOST_DESCRIBE_STRUCT(EndedSession, (), (sessionId))

struct Deactivated {
  static constexpr std::string_view kName = "deactivated";
  std::string userId;
};
BOOST_DESCRIBE_STRUCT(Deactivated, (), (userId))

// --- the nodes themselves

/// What a node says of itself with each beat.
struct Load {
  std::string name;           ///< host and process id
  std::uint64_t uptime = 0;   ///< seconds
  std::uint64_t users = 0;    ///< with sockets of it
  std::uint64_t sockets = 0;  ///< theirs
  double cores = 0;           ///< that it has used since the beat before, on average
};
BOOST_DESCRIBE_STRUCT(Load, (), (name, uptime, users, sockets, cores))

}  // namespace atrium::chat::facts
