#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "storage/ids.h"

namespace atrium::storage {

/// What somebody may do beyond workspaces.
enum class GlobalRole : std::uint8_t { user, superadmin };
BOOST_DESCRIBE_ENUM(GlobalRole, user, superadmin)

std::string_view to_string(GlobalRole role);
std::optional<GlobalRole> parse_global_role(std::string_view word);

struct User {
  UserId id;
  std::string name;  ///< what others see
  std::string email;
  WallTime created_at{};  ///< left at the epoch: the store sets it
  std::string first_name = {};
  std::string last_name = {};
  GlobalRole role = GlobalRole::user;
  bool active = true;        ///< false: he is let in no more
  bool own_profile = false;  ///< he has said here who he is: what tokens say of name and address counts no more
  std::optional<WallTime> last_login_at = {};
  bool operator==(const User&) const = default;
};

struct Workspace {
  WorkspaceId id;
  std::string name;
  std::string slug;
  UserId created_by;  ///< its owner; empty: made by the program itself
  std::string description = {};
  std::string logo_url = {};
  WallTime created_at{};  ///< left at the epoch: the store sets it
  bool operator==(const Workspace&) const = default;
};

enum class Role : std::uint8_t { member, admin };
BOOST_DESCRIBE_ENUM(Role, member, admin)

std::string_view to_string(Role role);
std::optional<Role> parse_role(std::string_view word);

struct WorkspaceMember {
  UserId user;
  std::string name;  ///< the user's, as it is now
  Role role = Role::member;
  WallTime joined_at{};
  bool operator==(const WorkspaceMember&) const = default;
};

/// public_: every member of the workspace sees it; private_ and direct: only those who were added.
enum class ChannelType : std::uint8_t { public_, private_, direct };
BOOST_DESCRIBE_ENUM(ChannelType, public_, private_, direct)

/// "public", "private", "direct".
std::string_view to_string(ChannelType type);
std::optional<ChannelType> parse_channel_type(std::string_view word);

struct Channel {
  ChannelId id;  ///< empty: the store makes one
  WorkspaceId workspace;
  std::string name;  ///< unique within the workspace
  std::string description;
  ChannelType type = ChannelType::public_;
  UserId created_by;
  WallTime created_at{};  ///< left at the epoch: the store sets it
  bool operator==(const Channel&) const = default;
};

struct Message {
  MessageId id;
  ChannelId channel;
  UserId sender;
  std::string sender_name;            ///< as it was when the message was sent
  std::string content;                ///< empty once deleted
  std::string client_msg_id;          ///< empty: the client named none
  std::uint64_t seq = 0;              ///< the place in its channel: 1, 2, 3, ... without a gap
  std::uint64_t rev = 0;              ///< 1 when new, one more with each edit and with the deletion
  std::uint64_t mod_seq = 0;          ///< the channel's count of changes (new, edited, deleted) at this message's last one
  std::uint64_t created_mod_seq = 0;  ///< the same when it was new
  std::vector<UserId> mentions;       ///< whom the content names; none once deleted
  bool edited = false;
  bool deleted = false;
  WallTime created_at{};
  WallTime updated_at{};
  bool operator==(const Message&) const = default;
};

}  // namespace atrium::storage
