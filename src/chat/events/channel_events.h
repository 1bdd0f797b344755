#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "chat/events/presence_events.h"

// Events about being in a channel, and typing there.

namespace atrium::chat::events {

struct ChannelRef {  ///< channel:join, channel:leave, channel:typing, channel:stop_typing
  std::string channelId;
};
BOOST_DESCRIBE_STRUCT(ChannelRef, (), (channelId))

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

struct Joined {  ///< acknowledges channel:join
  bool ok = true;
  std::string channelId;
  std::uint64_t lastSeq;
  std::uint64_t members;  ///< users who are in the channel now
  std::vector<Online> typing;
};
BOOST_DESCRIBE_STRUCT(Joined, (), (ok, channelId, lastSeq, members, typing))

struct Left {  ///< acknowledges the other events of channels
  bool ok = true;
  std::string channelId;
};
BOOST_DESCRIBE_STRUCT(Left, (), (ok, channelId))

}  // namespace atrium::chat::events
