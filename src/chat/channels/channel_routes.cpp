#include "chat/channels/channel_routes.h"

namespace atrium::chat {

using storage::ChannelId;
using storage::ChannelType;
using storage::UserId;

namespace {

Failure not_channel_admin(std::string_view verb) {
  return {403, "NOT_CHANNEL_ADMIN", "Only who made the channel, or an admin, may " + std::string(verb) + " others."};
}

}  // namespace

Task<web::Ok<std::vector<shapes::Channel>>> ChannelRoutes::list(const storage::User& user,
                                                                const storage::Workspace& workspace) {
  const auto channels = co_await database_.channels().visible_to(workspace.id, user.id);
  co_return web::ok(to_shapes(channels));
}

Task<Outcome<web::Ok<shapes::Channel>>> ChannelRoutes::create(const storage::User& user, const storage::Workspace& workspace,
                                                              NewChannel wanted) {
  storage::Channel channel{.id = {},
                           .workspace = workspace.id,
                           .name = wanted.name,
                           .description = wanted.description ? wanted.description->value : "",
                           .type = wanted.type.value_or(ChannelType::public_),
                           .created_by = user.id};
  // In the default workspace a channel goes by its name, as it did in the original application.
  if (workspace.id.value == "default") channel.id = ChannelId(wanted.name);
  const auto created = co_await database_.channels().create(std::move(channel));
  if (!created) co_return to_failure(created.error());
  if (created->type != ChannelType::public_) co_await database_.channels().add_member(created->id, user.id);
  co_return web::ok(to_shape(*created), "Channel created");
}

Task<web::Ok<shapes::ChannelWithMembers>> ChannelRoutes::show(const storage::Channel& channel) {
  shapes::ChannelWithMembers shape{to_shape(channel), {}};
  for (const auto& member : co_await database_.channels().members(channel.id)) shape.memberIds.push_back(member.value);
  co_return web::ok(std::move(shape));
}

Task<bool> ChannelRoutes::governs(storage::Channel channel, storage::UserId user) const {
  if (channel.created_by == user) co_return true;
  for (const auto& member : co_await database_.workspaces().members(channel.workspace)) {
    if (member.user == user) co_return member.role == storage::Role::admin;
  }
  co_return false;
}

Task<Outcome<web::Ok<std::nullptr_t>>> ChannelRoutes::add_member(const storage::User& user, const storage::Channel& channel,
                                                                 NewMember added) {
  const UserId id(std::move(added.userId));
  const bool self_join = channel.type == ChannelType::public_ && id == user.id;
  if (!self_join && !co_await governs(channel, user.id)) co_return not_channel_admin("add");
  if (!co_await database_.workspaces().is_member(channel.workspace, id)) co_return failures::user_not_found();
  co_await database_.channels().add_member(channel.id, id);
  co_return web::ok(nullptr, "Member added");
}

Task<Outcome<web::Ok<std::nullptr_t>>> ChannelRoutes::remove_member(const storage::User& user, const storage::Channel& channel,
                                                                    web::Path<"userId", UserId> removed) {
  const UserId& id = *removed;
  if (id != user.id && !co_await governs(channel, user.id)) co_return not_channel_admin("remove");
  if (!co_await database_.channels().remove_member(channel.id, id)) co_return failures::user_not_found();
  // In a public channel everybody stays welcome; only the entry is gone.
  if (channel.type != ChannelType::public_) channels_.remove(channel.id, id, "removed");
  co_return web::ok(nullptr, "Member removed");
}

}  // namespace atrium::chat
