#pragma once

#include "base/clock.h"
#include "storage/mongo_engine.h"
#include "storage/workspace_store.h"

namespace atrium::storage {

/// The workspaces in MongoDB. Any shard; as long as the engine.
class MongoWorkspaceStore final : public WorkspaceStore {
 public:
  MongoWorkspaceStore(MongoEngine& engine, const Clock& clock) : engine_(engine), clock_(clock) {}

  Task<Workspace> ensure(Workspace workspace) override;
  Task<Result<Workspace, StoreError>> create(Workspace workspace) override;
  Task<Result<Workspace, StoreError>> update(WorkspaceId id, WorkspaceChange change) override;
  Task<std::optional<std::vector<ChannelId>>> remove(WorkspaceId id) override;
  Task<std::optional<Workspace>> find(WorkspaceId id) override;
  Task<std::optional<WorkspaceStanding>> standing(WorkspaceId id, UserId user) override;
  Task<Listed<Workspace>> list(UserId user, ListQuery query) override;
  Task<bool> is_member(WorkspaceId workspace, UserId user) override;
  Task<std::optional<WorkspaceMember>> member(WorkspaceId workspace, UserId user) override;
  Task<bool> add_member(WorkspaceId workspace, UserId user, Role role) override;
  Task<std::optional<WorkspaceMember>> invite(WorkspaceId workspace, std::string email, Role role) override;
  Task<std::optional<WorkspaceMember>> set_role(WorkspaceId workspace, UserId user, Role role) override;
  Task<bool> remove_member(WorkspaceId workspace, UserId user) override;
  Task<Listed<WorkspaceMember>> list_members(WorkspaceId workspace, ListQuery query) override;

 private:
  MongoEngine& engine_;
  const Clock& clock_;
};

}  // namespace atrium::storage
