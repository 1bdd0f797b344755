#include "chat/channels/channel_routes.h"

#include <algorithm>

namespace atrium::chat {

using storage::ChannelId;
using storage::ChannelType;
using storage::UserId;

namespace {

bool is_channel_name(std::string_view name) {
  return !name.empty() && name.size() <= 80 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

Failure not_channel_admin(std::string_view verb) {
  return {403, "NOT_CHANNEL_ADMIN", "Only who made the channel, or an admin, may " + std::string(verb) + " others."};
}

}  // namespace

std::optional<FieldError> NewChannel::check() const {
  if (!is_channel_name(name)) return FieldError{"name", "must have 1 to 80 characters out of a-z, 0-9 and '-'"};
  if (description && description->size() > 500) return FieldError{"description", "must have at most 500 characters"};
  if (type && !storage::parse_channel_type(*type)) return FieldError{"type", "must be public, private or direct"};
  return std::nullopt;
}

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
                           .description = wanted.description.value_or(""),
                           .type = *storage::parse_channel_type(wanted.type.value_or("public")),
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
  if (co_await database_.channels().add_member(channel.id, id)) channels_.add(channel.id, id);
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
