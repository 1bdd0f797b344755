#pragma once

#include <optional>

#include "storage/mongo_connection.h"
#include "storage/records.h"

namespace atrium::storage {

// Who is in a workspace. A membership carries the user's name, by which lists are sorted and people are found.

/// False: was a member already, or one of the two does not exist. `joined_at` left at the epoch: since he is here.
bool add_workspace_member(MongoConnection& db, const WorkspaceId& workspace, const UserId& user, Role role,
                          WallTime joined_at = {});
/// As above, for a user who is about to be stored.
bool add_workspace_member(MongoConnection& db, const WorkspaceId& workspace, const User& user, Role role,
                          WallTime joined_at = {});
bool is_workspace_member(MongoConnection& db, const WorkspaceId& workspace, const UserId& user);
/// None: no member.
std::optional<Role> role_in(MongoConnection& db, const WorkspaceId& workspace, const UserId& user);
std::vector<WorkspaceId> workspaces_of(MongoConnection& db, const UserId& user);
void rename_member(MongoConnection& db, const UserId& user, const std::string& name);

}  // namespace atrium::storage
