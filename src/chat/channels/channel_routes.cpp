#include "chat/channels/channel_routes.h"

#include <algorithm>

#include "chat/field_rules.h"

namespace atrium::chat {

using storage::ChannelId;
using storage::ChannelStore;
using storage::ChannelType;
using storage::UserId;

namespace {

/// Here a channel goes by its name, as it did in the original application: the name is its id.
bool goes_by_name(const storage::WorkspaceId& workspace) { return workspace.value == "default"; }

/// As the ids that the store makes. Who could choose one would learn by the answer which channels there are elsewhere.
bool looks_like_id(std::string_view name) {
  constexpr std::size_t kIdLength = 24;
  const auto digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return name.size() == kIdLength && std::all_of(name.begin(), name.end(), digit);
}

}  // namespace

std::optional<FieldError> NewChannel::check() const {
  if (is_direct() && !userId) return FieldError{"userId", "must say with whom the direct channel is"};
  if (!is_direct() && !name) return FieldError{"name", "is missing"};
  return check_prose("description", description);
}

std::optional<FieldError> ChannelPatch::check() const { return check_prose("description", description); }

Task<Outcome<ListOf<shapes::Channel>>> ChannelRoutes::list(const storage::User& user, const storage::Workspace& workspace,
                                                           web::Query<ListPage> page) {
  const auto wish = read_wish(page, ChannelStore::kFields);
  if (!wish) co_return wish.error();
  const auto listed = co_await database_.channels().list(workspace.id, user.id, wish->query);
  co_return to_list(*wish, listed);
}

Task<ChannelRoutes::Made> ChannelRoutes::create(const storage::User& user, const WorkspaceAccess& access, NewChannel wanted) {
  if (auto refused = refusal(WorkspaceAction::make_channel, access)) co_return std::move(*refused);
  const storage::WorkspaceId& workspace = access.workspace.id;
  if (wanted.is_direct()) co_return co_await open_direct(workspace, user.id, UserId(*wanted.userId));
  if (goes_by_name(workspace) && looks_like_id(wanted.name->value)) {
    co_return failures::invalid("name", "must not look like the id of a channel");
  }
  storage::Channel channel{.id = {},
                           .workspace = workspace,
                           .name = *wanted.name,
                           .description = wanted.description.value_or(ChannelDescription()),
                           .type = wanted.type.value_or(ChannelType::public_),
                           .created_by = user.id};
  if (goes_by_name(workspace)) channel.id = ChannelId(*wanted.name);
  const auto created = co_await database_.channels().create(std::move(channel));
  if (!created) {
    const bool gone = created.error() == storage::StoreError::not_found;
    co_return gone ? failures::workspace_not_found() : to_failure(created.error());
  }
  co_return web::ok(to_shape(*created), "Channel created");
}

Task<ChannelRoutes::Made> ChannelRoutes::open_direct(storage::WorkspaceId workspace, UserId user, UserId other) {
  if (user == other) co_return failures::invalid("userId", "must be somebody else");
  const auto channel = co_await database_.channels().direct(std::move(workspace), std::move(user), std::move(other));
  if (!channel) {
    const bool nobody = channel.error() == storage::StoreError::not_found;
    co_return nobody ? failures::user_not_found() : to_failure(channel.error());
  }
  co_return web::ok(to_shape(*channel), "Direct channel opened");
}

Task<web::Ok<shapes::ChannelWithMembers>> ChannelRoutes::show(const storage::Channel& channel) {
  shapes::ChannelWithMembers shape{to_shape(channel), {}};
  for (const auto& member : co_await database_.channels().members(channel.id)) shape.memberIds.push_back(member.value);
  co_return web::ok(std::move(shape));
}

Task<ChannelRoutes::Made> ChannelRoutes::change(const ChannelAccess& access, ChannelPatch wanted) {
  if (auto refused = refusal(ChannelAction::change, access)) co_return std::move(*refused);
  if (goes_by_name(access.channel.workspace) && wanted.name && wanted.name->value != access.channel.name) {
    co_return failures::invalid("name", "cannot change in the workspace default, where a channel goes by its name");
  }
  storage::ChannelChange change{.name = std::move(wanted.name), .description = std::move(wanted.description)};
  const auto changed = co_await database_.channels().update(access.channel.id, std::move(change));
  if (!changed) co_return to_failure(changed.error());
  co_return web::ok(to_shape(*changed), "Channel changed");
}

Task<ChannelRoutes::Done> ChannelRoutes::remove(const ChannelAccess& access) {
  if (auto refused = refusal(ChannelAction::remove, access)) co_return std::move(*refused);
  const bool was_there = co_await database_.channels().remove(access.channel.id);
  if (!was_there) co_return failures::channel_not_found();
  co_await live_.close_channel(access.channel.id);
  co_return web::ok(nullptr, "Channel deleted");
}

Task<ChannelRoutes::Done> ChannelRoutes::add_member(const storage::User& user, const ChannelAccess& access, NewMember added) {
  const UserId id(std::move(added.userId));
  const auto action = id == user.id ? ChannelAction::join : ChannelAction::add_member;
  if (auto refused = refusal(action, access)) co_return std::move(*refused);
  const bool known = co_await database_.workspaces().is_member(access.channel.workspace, id);
  if (!known) co_return failures::user_not_found();
  const bool is_new = co_await database_.channels().add_member(access.channel.id, id);
  if (is_new) co_await live_.enter_channel(access.channel.id, id);
  co_return web::ok(nullptr, "Member added");
}

Task<ChannelRoutes::Done> ChannelRoutes::remove_member(const storage::User& user, const ChannelAccess& access,
                                                       web::Path<"userId", UserId> removed) {
  const UserId& id = *removed;
  const auto action = id == user.id ? ChannelAction::leave : ChannelAction::remove_member;
  if (auto refused = refusal(action, access)) co_return std::move(*refused);
  const bool was_member = co_await database_.channels().remove_member(access.channel.id, id);
  if (!was_member) co_return failures::user_not_found();
  // In a public channel everybody stays welcome; only the entry is gone.
  if (access.channel.type != ChannelType::public_) co_await live_.leave_channel(access.channel.id, id, "removed");
  co_return web::ok(nullptr, "Member removed");
}

Task<ChannelRoutes::Done> ChannelRoutes::leave(const storage::User& user, const ChannelAccess& access) {
  if (auto refused = refusal(ChannelAction::leave, access)) co_return std::move(*refused);
  // Nobody needs an entry to be in a public channel, so there may be none.
  co_await database_.channels().remove_member(access.channel.id, user.id);
  co_await live_.leave_channel(access.channel.id, user.id, "left");
  co_return web::ok(nullptr, "Channel left");
}

}  // namespace atrium::chat
