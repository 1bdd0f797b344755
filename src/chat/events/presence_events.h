#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/describe.h"
#include "chat/presence/status.h"

// Events about who is online. A client without "presence.v2" knows presence:online and presence:offline alone. One with it gets
// presence:state, then differences, each of which continues the version that it names in `from`; when there are too many users
// for that, presence:count, and differences only of those it has subscribed to.

namespace atrium::chat::events {

struct Online {  ///< presence:online
  std::string userId;
  std::string userName;
};
BOOST_DESCRIBE_STRUCT(Online, (), (userId, userName))

struct Offline {  ///< presence:offline
  std::string userId;
};
BOOST_DESCRIBE_STRUCT(Offline, (), (userId))

struct PresentUser {
  std::string userId;
  std::string userName;
  Status status;
  std::string lastActiveAt;  ///< to the minute
};
BOOST_DESCRIBE_STRUCT(PresentUser, (), (userId, userName, status, lastActiveAt))

struct GoneUser {
  std::string userId;
};
BOOST_DESCRIBE_STRUCT(GoneUser, (), (userId))

struct PresenceState {  ///< presence:state: everybody who is online, in place of all that was known
  std::string workspaceId;
  std::uint64_t wver;
  std::vector<PresentUser> users;
};
BOOST_DESCRIBE_STRUCT(PresenceState, (), (workspaceId, wver, users))

struct PresenceDiff {  ///< presence:diff
  std::string workspaceId;
  std::uint64_t from;  ///< whoever has another version than this one asks for presence:sync
  std::uint64_t wver;
  std::vector<GoneUser> offline;
  std::vector<PresentUser> online;
  std::vector<PresentUser> updated;
};
BOOST_DESCRIBE_STRUCT(PresenceDiff, (), (workspaceId, from, wver, offline, online, updated))

struct PresenceCount {  ///< presence:count: too many to be named
  std::string workspaceId;
  std::uint64_t online;
};
BOOST_DESCRIBE_STRUCT(PresenceCount, (), (workspaceId, online))

struct WorkspaceRef {  ///< presence:sync
  std::string workspaceId;
};
BOOST_DESCRIBE_STRUCT(WorkspaceRef, (), (workspaceId))

struct Synced {  ///< acknowledges presence:sync, after the state
  bool ok = true;
  std::string workspaceId;
  std::uint64_t wver;
};
BOOST_DESCRIBE_STRUCT(Synced, (), (ok, workspaceId, wver))

struct Subscription {  ///< presence:subscribe: these users in place of those before
  std::string workspaceId;
  std::vector<std::string> userIds;

  static constexpr std::size_t kMaxUsers = 500;
  static constexpr std::size_t kMaxId = 128;
  std::optional<FieldError> check() const {
    if (userIds.size() > kMaxUsers) {
      return FieldError{"userIds", "must name at most " + std::to_string(kMaxUsers) + " users"};
    }
    // They are remembered, and nobody's id is longer.
    for (const auto& id : userIds) {
      if (id.size() > kMaxId) return FieldError{"userIds", "must be ids of at most " + std::to_string(kMaxId) + " octets"};
    }
    return std::nullopt;
  }
};
BOOST_DESCRIBE_STRUCT(Subscription, (), (workspaceId, userIds))

struct WatchedUser {
  std::string userId;
  std::optional<std::string> userName;  ///< of those who are online, as is the next
  Status status;
  std::optional<std::string> lastActiveAt;
};
BOOST_DESCRIBE_STRUCT(WatchedUser, (), (userId, userName, status, lastActiveAt))

struct Subscribed {  ///< acknowledges presence:subscribe
  bool ok = true;
  std::string workspaceId;
  std::uint64_t wver;
  std::vector<WatchedUser> users;
};
BOOST_DESCRIBE_STRUCT(Subscribed, (), (ok, workspaceId, wver, users))

enum class StatusWord : std::uint8_t { online, dnd, invisible };
BOOST_DESCRIBE_ENUM(StatusWord, online, dnd, invisible)

struct StatusRequest {  ///< presence:status; online: as I am
  StatusWord status;
  std::optional<std::string> until;
};
BOOST_DESCRIBE_STRUCT(StatusRequest, (), (status, until))

struct OwnStatus {  ///< presence:status to the other tabs of who has chosen it, and at his welcome
  StatusWord status;
  std::optional<std::string> until;
};
BOOST_DESCRIBE_STRUCT(OwnStatus, (), (status, until))

struct StatusTaken {  ///< acknowledges presence:status
  bool ok = true;
  StatusWord status;
  std::optional<std::string> until;
};
BOOST_DESCRIBE_STRUCT(StatusTaken, (), (ok, status, until))

struct Noticed {  ///< acknowledges presence:active
  bool ok = true;
};
BOOST_DESCRIBE_STRUCT(Noticed, (), (ok))

}  // namespace atrium::chat::events
