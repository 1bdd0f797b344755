#include "chat/workspaces/permissions.h"

#include <algorithm>

namespace atrium::chat {

using storage::ChannelType;

namespace {

Who who_may(ChannelAction action, ChannelType type) {
  const auto rule = std::find_if(kChannelRules.begin(), kChannelRules.end(), [&](const auto& r) { return r.action == action; });
  if (rule == kChannelRules.end()) return Who::nobody;
  switch (type) {
    case ChannelType::public_:
      return rule->in_public;
    case ChannelType::private_:
      return rule->in_private;
    case ChannelType::direct:
      return rule->in_direct;
  }
  return Who::nobody;
}

}  // namespace

std::optional<Failure> refusal(WorkspaceAction action, const WorkspaceTies& ties) {
  if (!ties.member) return failures::workspace_not_found();
  const auto rule =
      std::find_if(kWorkspaceRules.begin(), kWorkspaceRules.end(), [&](const auto& r) { return r.action == action; });
  const Who who = rule == kWorkspaceRules.end() ? Who::nobody : rule->who;
  if (who == Who::anybody || (who == Who::governor && ties.admin) || (who == Who::guest && !ties.owner)) return std::nullopt;
  if (who == Who::guest) return failures::cannot_remove_owner();
  return failures::not_workspace_admin();
}

std::optional<Failure> refusal(ChannelAction action, ChannelType type, const ChannelTies& ties) {
  if (!ties.in_workspace) return failures::channel_not_found();
  if (type != ChannelType::public_ && !ties.in_channel) return failures::not_channel_member();
  const Who who = who_may(action, type);
  if (who == Who::anybody || (who == Who::governor && (ties.admin || ties.creator))) return std::nullopt;
  return who == Who::nobody ? failures::direct_channel_immutable() : failures::not_channel_admin();
}

}  // namespace atrium::chat
