#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chat/events/presence_events.h"

// Events about being in a channel, and typing there.

namespace atrium::chat::events {

struct ChannelRef {  ///< channel:leave, channel:typing, channel:stop_typing
  std::string channelId;
};
BOOST_DESCRIBE_STRUCT(ChannelRef, (), (channelId))

struct JoinRequest {  ///< channel:join
  std::string channelId;
  std::optional<std::uint64_t> sinceSeq;  ///< what was said after that message is told before what comes
  std::optional<std::uint64_t> sinceMod;  ///< the same for all changes, those of older messages too; goes before sinceSeq
};
BOOST_DESCRIBE_STRUCT(JoinRequest, (), (channelId, sinceSeq, sinceMod))

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

struct TypingState {  ///< channel:typing_state: instead of all that was told of typing there before
  std::string channelId;
  std::vector<Online> users;  ///< a few of those who type; the one who is told may be among them
  std::uint64_t more;         ///< how many type besides
};
BOOST_DESCRIBE_STRUCT(TypingState, (), (channelId, users, more))

struct ChannelRemoved {  ///< channel:removed
  std::string channelId;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(ChannelRemoved, (), (channelId, reason))

struct Backfill {  ///< what follows the acknowledgement: `seq`, or `modSeq` where the client gave sinceMod
  std::uint64_t from;
  std::uint64_t to;  ///< below `from`: nothing was missed
  bool more;         ///< not everything up to the acknowledged lastSeq and modSeq; the rest is to be had by HTTP
  bool tooOld;       ///< too much was missed, or what the client knows is not of here: it begins anew
};
BOOST_DESCRIBE_STRUCT(Backfill, (), (from, to, more, tooOld))

struct Joined {  ///< acknowledges channel:join
  bool ok = true;
  std::string channelId;
  std::uint64_t lastSeq;
  std::uint64_t modSeq;
  std::uint64_t readSeq;  ///< how far the user has read
  std::uint64_t members;  ///< users who are in the channel now
  std::vector<Online> typing;
  std::optional<Backfill> backfill;  ///< where it was asked for
};
BOOST_DESCRIBE_STRUCT(Joined, (), (ok, channelId, lastSeq, modSeq, readSeq, members, typing, backfill))

struct Left {  ///< acknowledges the other events of channels
  bool ok = true;
  std::string channelId;
};
BOOST_DESCRIBE_STRUCT(Left, (), (ok, channelId))

struct ReadRequest {  ///< channel:read
  std::string channelId;
  std::uint64_t seq;  ///< everything up to it has been read
};
BOOST_DESCRIBE_STRUCT(ReadRequest, (), (channelId, seq))

struct ReadMarked {  ///< acknowledges channel:read
  bool ok = true;
  std::string channelId;
  std::uint64_t seq;  ///< where the marker is now
  std::uint64_t unread;
};
BOOST_DESCRIBE_STRUCT(ReadMarked, (), (ok, channelId, seq, unread))

struct OwnRead {  ///< channel:read, to the user's other sockets
  std::string channelId;
  std::uint64_t seq;
  std::uint64_t unread;
};
BOOST_DESCRIBE_STRUCT(OwnRead, (), (channelId, seq, unread))

struct ReadReceipt {  ///< channel:read, to others
  std::string channelId;
  std::string userId;
  std::uint64_t seq;
};
BOOST_DESCRIBE_STRUCT(ReadReceipt, (), (channelId, userId, seq))

}  // namespace atrium::chat::events
