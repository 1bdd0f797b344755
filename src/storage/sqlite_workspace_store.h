#pragma once

#include "storage/sqlite_engine.h"
#include "storage/workspace_store.h"

namespace atrium::storage {

/// The workspaces in SQLite. Any shard; as long as the engine.
class SqliteWorkspaceStore final : public WorkspaceStore {
 public:
  explicit SqliteWorkspaceStore(SqliteEngine& engine) : engine_(engine) {}

  Task<Workspace> ensure(Workspace workspace) override;
  Task<std::optional<Workspace>> find(WorkspaceId id) override;
  Task<std::vector<Workspace>> of_user(UserId user) override;
  Task<bool> is_member(WorkspaceId workspace, UserId user) override;
  Task<bool> add_member(WorkspaceId workspace, UserId user, Role role) override;
  Task<bool> remove_member(WorkspaceId workspace, UserId user) override;
  Task<std::vector<WorkspaceMember>> members(WorkspaceId workspace) override;

 private:
  SqliteEngine& engine_;
};

/// Within a transaction of the writer. False: was a member already, or one of the two does not exist.
bool add_workspace_member(SqliteConnection& db, const WorkspaceId& workspace, const UserId& user, Role role);

}  // namespace atrium::storage
