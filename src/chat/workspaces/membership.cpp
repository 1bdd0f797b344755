#include "chat/workspaces/membership.h"

namespace atrium::chat {

using storage::ChannelType;

Task<Outcome<ChannelAccess>> Membership::channel_access(storage::ChannelId id, storage::UserId user) const {
  for (int tries = 0; tries < kTries; ++tries) {
    const auto before = changes(user);
    const auto found = co_await database_.channels().standing(id, user);
    if (changes(user) != before) continue;
    if (!found) co_return failures::channel_not_found();
    ChannelAccess access{.channel = found->channel,
                         .ties = {.in_workspace = found->role.has_value(),
                                  .admin = found->role == storage::Role::admin,
                                  .in_channel = found->added,
                                  .creator = found->channel.created_by == user}};
    if (auto refused = refusal(ChannelAction::see, access)) co_return std::move(*refused);
    co_return access;
  }
  co_return failures::unavailable();
}

Task<Outcome<storage::Channel>> Membership::channel(storage::ChannelId id, storage::UserId user) const {
  auto access = co_await channel_access(std::move(id), std::move(user));
  if (!access) co_return access.error();
  co_return std::move(access->channel);
}

Task<Outcome<storage::Channel>> Membership::channel_to_join(storage::ChannelId id, storage::UserId user) const {
  if (config_.auto_create_channels && !co_await database_.channels().find(id)) {
    const storage::WorkspaceId workspace("default");
    if (!co_await database_.workspaces().is_member(workspace, user)) co_return failures::channel_not_found();
    storage::Channel wanted{.id = id,
                            .workspace = workspace,
                            .name = id.value,
                            .description = {},
                            .type = ChannelType::public_,
                            .created_by = user};
    const auto created = co_await database_.channels().create(std::move(wanted));
    // Somebody else may have made it at the same moment.
    if (!created && created.error() != storage::StoreError::name_taken) co_return to_failure(created.error());
  }
  co_return co_await channel(id, user);
}

Task<Outcome<WorkspaceAccess>> Membership::workspace_access(storage::WorkspaceId id, storage::UserId user) const {
  for (int tries = 0; tries < kTries; ++tries) {
    const auto before = changes(user);
    const auto found = co_await database_.workspaces().standing(id, user);
    if (changes(user) != before) continue;
    if (!found) co_return failures::workspace_not_found();
    WorkspaceAccess access{.workspace = found->workspace,
                           .ties = {.member = found->role.has_value(),
                                    .admin = found->role == storage::Role::admin,
                                    .owner = found->workspace.created_by == user}};
    if (auto refused = refusal(WorkspaceAction::see, access)) co_return std::move(*refused);
    co_return access;
  }
  co_return failures::unavailable();
}

Task<Outcome<storage::Workspace>> Membership::workspace(storage::WorkspaceId id, storage::UserId user) const {
  auto access = co_await workspace_access(std::move(id), std::move(user));
  if (!access) co_return access.error();
  co_return std::move(access->workspace);
}

}  // namespace atrium::chat
