#pragma once

#include "chat/channels/channels.h"
#include "chat/gate.h"
#include "chat/http_shapes.h"
#include "web/controller.h"

namespace atrium::chat {

struct NewChannel {
  Text<1, 80, "a-z0-9-"> name;
  std::optional<Text<0, 500>> description;
  std::optional<storage::ChannelType> type;  ///< public unless given
};
BOOST_DESCRIBE_STRUCT(NewChannel, (), (name, description, type))

struct NewMember {
  std::string userId;
};
BOOST_DESCRIBE_STRUCT(NewMember, (), (userId))

/// The channels of a workspace, and who is in them.
class ChannelRoutes final : public web::Controller<ChannelRoutes, Gate> {
 public:
  static constexpr auto routes() {
    return std::tuple{
        get<"/workspaces/:workspaceId/channels", &ChannelRoutes::list>.with({.summary = "The channels that I see"}),
        post<"/workspaces/:workspaceId/channels", &ChannelRoutes::create>.with({.status = 201, .summary = "A new channel"}),
        get<"/channels/:channelId", &ChannelRoutes::show>.with({.summary = "A channel with its members"}),
        post<"/channels/:channelId/members", &ChannelRoutes::add_member>.with({.summary = "Adds somebody, or me"}),
        delete_<"/channels/:channelId/members/:userId", &ChannelRoutes::remove_member>.with(
            {.summary = "Removes somebody, or me"}),
    };
  }

  ChannelRoutes(const Gate& gate, storage::Database& database, Channels& channels)
      : Controller(gate), database_(database), channels_(channels) {}

 private:
  Task<web::Ok<std::vector<shapes::Channel>>> list(const storage::User& user, const storage::Workspace& workspace);
  Task<Outcome<web::Ok<shapes::Channel>>> create(const storage::User& user, const storage::Workspace& workspace,
                                                 NewChannel wanted);
  Task<web::Ok<shapes::ChannelWithMembers>> show(const storage::Channel& channel);
  Task<Outcome<web::Ok<std::nullptr_t>>> add_member(const storage::User& user, const storage::Channel& channel,
                                                    NewMember added);
  Task<Outcome<web::Ok<std::nullptr_t>>> remove_member(const storage::User& user, const storage::Channel& channel,
                                                       web::Path<"userId", storage::UserId> removed);

  /// Whether `user` may decide who is in `channel`: who made it, or an admin of the workspace.
  Task<bool> governs(storage::Channel channel, storage::UserId user) const;

  storage::Database& database_;
  Channels& channels_;
};

}  // namespace atrium::chat
