#pragma once

#include <optional>
#include <vector>

#include "base/task.h"
#include "storage/records.h"

namespace atrium::storage {

/// The workspaces and who belongs to them. Awaited on a shard and resumed there; throws StoreUnavailable.
class WorkspaceStore {
 public:
  virtual ~WorkspaceStore() = default;

  /// Makes the workspace when the id is new; one that exists stays as it is. The answer is what is stored. Throws when
  /// the slug is another workspace's.
  virtual Task<Workspace> ensure(Workspace workspace) = 0;
  virtual Task<std::optional<Workspace>> find(WorkspaceId id) = 0;
  /// Those the user is a member of, by name.
  virtual Task<std::vector<Workspace>> of_user(UserId user) = 0;

  virtual Task<bool> is_member(WorkspaceId workspace, UserId user) = 0;
  /// True when the user is a member by this call. False: was one already (the role stays), or no such workspace or
  /// user.
  virtual Task<bool> add_member(WorkspaceId workspace, UserId user, Role role) = 0;
  /// Also ends the user's memberships in the workspace's channels. False: was not a member.
  virtual Task<bool> remove_member(WorkspaceId workspace, UserId user) = 0;
  /// By name.
  virtual Task<std::vector<WorkspaceMember>> members(WorkspaceId workspace) = 0;
};

}  // namespace atrium::storage
