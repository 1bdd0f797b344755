#pragma once

#include <array>
#include <optional>

#include "chat/failure.h"
#include "storage/records.h"

namespace atrium::chat {

// Who may do what. The tables are all there is to it: every route and every event asks here.

/// What somebody is to a workspace.
struct WorkspaceTies {
  bool member = false;
  bool admin = false;
  bool owner = false;
};

/// What somebody is to a channel.
struct ChannelTies {
  bool in_workspace = false;
  bool admin = false;       ///< of the workspace
  bool in_channel = false;  ///< was added; nobody needs to be to a public one
  bool creator = false;
};

enum class WorkspaceAction { see, make_channel, leave, invite, change, change_role, remove_member, remove };
enum class ChannelAction {
  see,            ///< and read, write, type, be in
  join,           ///< to add himself
  leave,          ///< to take himself out
  add_member,     ///< somebody else
  remove_member,  ///< somebody else
  change,
  remove,
};

/// Of those who see the thing at all.
enum class Who {
  nobody,
  anybody,
  guest,     ///< anybody but the workspace's owner
  governor,  ///< an admin of the workspace, and in a channel also who made it
};

struct WorkspaceRule {
  WorkspaceAction action;
  Who who;
};
inline constexpr std::array<WorkspaceRule, 8> kWorkspaceRules{{
    {WorkspaceAction::see, Who::anybody},
    {WorkspaceAction::make_channel, Who::anybody},
    {WorkspaceAction::leave, Who::guest},
    {WorkspaceAction::invite, Who::governor},
    {WorkspaceAction::change, Who::governor},
    {WorkspaceAction::change_role, Who::governor},
    {WorkspaceAction::remove_member, Who::governor},
    {WorkspaceAction::remove, Who::governor},
}};

struct ChannelRule {
  ChannelAction action;
  Who in_public;
  Who in_private;
  Who in_direct;
};
inline constexpr std::array<ChannelRule, 7> kChannelRules{{
    {ChannelAction::see, Who::anybody, Who::anybody, Who::anybody},
    {ChannelAction::join, Who::anybody, Who::anybody, Who::nobody},
    {ChannelAction::leave, Who::anybody, Who::anybody, Who::nobody},
    {ChannelAction::add_member, Who::governor, Who::governor, Who::nobody},
    {ChannelAction::remove_member, Who::governor, Who::governor, Who::nobody},
    {ChannelAction::change, Who::governor, Who::governor, Who::nobody},
    {ChannelAction::remove, Who::governor, Who::governor, Who::nobody},
}};

/// Why not; none: he may. A workspace that somebody is not in does not exist for him (404), nor do its channels; a channel of
/// his workspace that he does not see is refused (403), because its name is taken there all the same.
std::optional<Failure> refusal(WorkspaceAction action, const WorkspaceTies& ties);
std::optional<Failure> refusal(ChannelAction action, storage::ChannelType type, const ChannelTies& ties);

/// A workspace or channel, as somebody stands to it who sees it.
struct WorkspaceAccess {
  storage::Workspace workspace;
  WorkspaceTies ties;
};
struct ChannelAccess {
  storage::Channel channel;
  ChannelTies ties;
};

inline std::optional<Failure> refusal(WorkspaceAction action, const WorkspaceAccess& access) {
  return refusal(action, access.ties);
}
inline std::optional<Failure> refusal(ChannelAction action, const ChannelAccess& access) {
  return refusal(action, access.channel.type, access.ties);
}

}  // namespace atrium::chat
