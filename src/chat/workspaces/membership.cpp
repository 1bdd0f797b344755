#include "chat/workspaces/membership.h"

namespace atrium::chat {

using storage::ChannelType;

Task<Outcome<storage::Channel>> Membership::channel(storage::ChannelId id, storage::UserId user) const {
  const auto found = co_await database_.channels().find(id);
  if (!found || !co_await database_.workspaces().is_member(found->workspace, user)) co_return failures::channel_not_found();
  if (found->type != ChannelType::public_ && !co_await database_.channels().is_member(id, user)) {
    co_return failures::not_channel_member();
  }
  co_return *found;
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

Task<Outcome<storage::Workspace>> Membership::workspace(storage::WorkspaceId id, storage::UserId user) const {
  auto found = co_await database_.workspaces().find(id);
  if (!found || !co_await database_.workspaces().is_member(id, user)) co_return failures::workspace_not_found();
  co_return std::move(*found);
}

}  // namespace atrium::chat
