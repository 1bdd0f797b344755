#pragma once

#include "chat/accounts/attempt_limit.h"
#include "chat/gate.h"
#include "chat/presence/presence.h"
#include "web/controller.h"

namespace atrium::chat {

enum class ShownStatus : std::uint8_t { online, away, dnd, offline };
BOOST_DESCRIBE_ENUM(ShownStatus, online, away, dnd, offline)

/// Of whom in the workspace: by default all who are not offline.
struct PresenceFilter {
  std::optional<ShownStatus> status;         ///< only those who are so
  std::optional<std::string> ids;            ///< only these, separated by commas; then there are no pages
  std::optional<std::string> cursor;         ///< the page after the one whose `nextCursor` this is
  std::optional<WholeNumber<1, 500>> limit;  ///< 250 unless given
};
BOOST_DESCRIBE_STRUCT(PresenceFilter, (), (status, ids, cursor, limit))

namespace shapes {

struct UserPresence {
  std::string userId;
  std::string userName;
  Status status;
  std::optional<std::string> lastActiveAt;  ///< of those who are not offline
  std::optional<std::string> lastSeen;      ///< of those who are; none: never
};
BOOST_DESCRIBE_STRUCT(UserPresence, (), (userId, userName, status, lastActiveAt, lastSeen))

}  // namespace shapes

struct PresenceMeta {
  std::uint64_t limit;
  bool hasMore;
  Nullable<std::string> nextCursor;
};
BOOST_DESCRIBE_STRUCT(PresenceMeta, (), (limit, hasMore, nextCursor))

struct PresencePage {
  bool success = true;
  std::vector<shapes::UserPresence> data;  ///< by id
  PresenceMeta meta;
};
BOOST_DESCRIBE_STRUCT(PresencePage, (), (success, data, meta))

/// How people are, in a workspace and in a channel, and how I want to be shown.
class PresenceRoutes final : public web::Controller<PresenceRoutes, Gate> {
 public:
  static constexpr auto routes() {
    return std::tuple{
        get<"/workspaces/:workspaceId/presence", &PresenceRoutes::of_workspace>.with(
            {.summary = "How the members of a workspace are, and when those who are offline were seen last"}),
        get<"/channels/:channelId/presence", &PresenceRoutes::of_channel>.with({.summary = "Who is in a channel now"}),
        get<"/users/me/presence", &PresenceRoutes::mine>.with({.summary = "How I am shown"}),
        put<"/users/me/presence", &PresenceRoutes::choose>.with({.summary = "How I want to be shown"}),
    };
  }

  PresenceRoutes(const Gate& gate, const Stage& stage, storage::Database& database, Channels& channels, Presence& presence);

  static constexpr std::size_t kMaxIds = 500;

 private:
  Task<Outcome<PresencePage>> of_workspace(const storage::Workspace& workspace, web::Query<PresenceFilter> filter);
  Task<web::Ok<std::vector<shapes::UserPresence>>> of_channel(const storage::Channel& channel);
  Task<web::Ok<events::OwnStatus>> mine(const storage::User& user);
  Task<Outcome<web::Ok<events::OwnStatus>>> choose(const storage::User& user, events::StatusRequest wanted);

  /// Members of the workspace, by id, at most kMaxIds.
  Task<std::vector<shapes::UserPresence>> members(storage::WorkspaceId workspace, storage::ListFilter which);
  /// Those of them who are offline, at most `enough`.
  Task<std::vector<shapes::UserPresence>> offline_members(storage::WorkspaceId workspace, std::string after,
                                                          std::size_t enough);
  Task<std::vector<shapes::UserPresence>> with_last_seen(std::vector<shapes::UserPresence> users);

  storage::Database& database_;
  Channels& channels_;
  Presence& presence_;
  std::optional<AttemptLimit> choices_;  ///< everybody who can see him hears of each
};

}  // namespace atrium::chat
