#pragma once

#include "chat/gate.h"
#include "chat/http_shapes.h"
#include "chat/listing.h"
#include "chat/workspaces/live_members.h"
#include "web/controller.h"

namespace atrium::chat {

using ChannelName = Text<1, 80, "a-z0-9-">;
using ChannelDescription = Text<0, 500>;

struct NewChannel {
  std::optional<ChannelName> name;  ///< a direct channel has none of its own
  std::optional<ChannelDescription> description;
  std::optional<storage::ChannelType> type;  ///< public unless given
  std::optional<std::string> userId;         ///< of a direct channel: the other one

  bool is_direct() const { return type == storage::ChannelType::direct; }
  std::optional<FieldError> check() const;
};
BOOST_DESCRIBE_STRUCT(NewChannel, (), (name, description, type, userId))

/// What is left out stays as it is.
struct ChannelPatch {
  std::optional<ChannelName> name;
  std::optional<ChannelDescription> description;

  std::optional<FieldError> check() const;
};
BOOST_DESCRIBE_STRUCT(ChannelPatch, (), (name, description))

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
        post<"/workspaces/:workspaceId/channels", &ChannelRoutes::create>.with(
            {.status = 201, .summary = "A new channel, or the direct channel with somebody"}),
        get<"/channels/:channelId", &ChannelRoutes::show>.with({.summary = "A channel with its members"}),
        patch<"/channels/:channelId", &ChannelRoutes::change>.with({.summary = "Changes the name or description of a channel"}),
        delete_<"/channels/:channelId", &ChannelRoutes::remove>.with(
            {.summary = "Removes a channel with all that was said there"}),
        post<"/channels/:channelId/members", &ChannelRoutes::add_member>.with({.summary = "Adds somebody, or me"}),
        delete_<"/channels/:channelId/members/:userId", &ChannelRoutes::remove_member>.with(
            {.summary = "Removes somebody, or me"}),
        post<"/channels/:channelId/leave", &ChannelRoutes::leave>.with({.summary = "Leaves a channel"}),
    };
  }

  ChannelRoutes(const Gate& gate, storage::Database& database, const LiveMembers& live)
      : Controller(gate), database_(database), live_(live) {}

 private:
  using Done = Outcome<web::Ok<std::nullptr_t>>;
  using Made = Outcome<web::Ok<shapes::Channel>>;

  Task<Outcome<ListOf<shapes::Channel>>> list(const storage::User& user, const storage::Workspace& workspace,
                                              web::Query<ListPage> page);
  Task<Made> create(const storage::User& user, const WorkspaceAccess& access, NewChannel wanted);
  Task<web::Ok<shapes::ChannelWithMembers>> show(const storage::Channel& channel);
  Task<Made> change(const ChannelAccess& access, ChannelPatch wanted);
  Task<Done> remove(const ChannelAccess& access);
  Task<Done> add_member(const storage::User& user, const ChannelAccess& access, NewMember added);
  Task<Done> remove_member(const storage::User& user, const ChannelAccess& access,
                           web::Path<"userId", storage::UserId> removed);
  Task<Done> leave(const storage::User& user, const ChannelAccess& access);

  Task<Made> open_direct(storage::WorkspaceId workspace, storage::UserId user, storage::UserId other);

  storage::Database& database_;
  const LiveMembers& live_;
};

}  // namespace atrium::chat
