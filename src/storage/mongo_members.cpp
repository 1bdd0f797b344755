#include "storage/mongo_members.h"

#include "storage/mongo_schema.h"

namespace atrium::storage {

bool add_workspace_member(MongoConnection& db, const WorkspaceId& workspace, const UserId& user, Role role,
                          WallTime joined_at) {
  const auto record = db.find_one(kUsers, {"_id", user});
  if (!record) return false;
  const User stored{.id = user, .name = record->text("name"), .email = {}, .created_at = record->time("createdAt")};
  return add_workspace_member(db, workspace, stored, role, joined_at);
}

bool add_workspace_member(MongoConnection& db, const WorkspaceId& workspace, const User& user, Role role, WallTime joined_at) {
  if (!db.exists(kWorkspaces, {"_id", workspace})) return false;
  return db.insert(kWorkspaceMembers, {"_id", pair_id(workspace.value, user.id.value), "workspaceId", workspace, "userId",
                                       user.id, "name", user.name, "foldedName", folded(user.name), "role", to_string(role),
                                       "joinedAt", joined_at == WallTime{} ? user.created_at : joined_at});
}

bool is_workspace_member(MongoConnection& db, const WorkspaceId& workspace, const UserId& user) {
  return db.exists(kWorkspaceMembers, {"_id", pair_id(workspace.value, user.value)});
}

std::optional<Role> role_in(MongoConnection& db, const WorkspaceId& workspace, const UserId& user) {
  const auto member = db.find_one(kWorkspaceMembers, {"_id", pair_id(workspace.value, user.value)});
  if (!member) return std::nullopt;
  return parse_role(member->text("role")).value_or(Role::member);
}

std::vector<WorkspaceId> workspaces_of(MongoConnection& db, const UserId& user) {
  std::vector<WorkspaceId> workspaces;
  for (const MongoRecord& member : db.find(kWorkspaceMembers, {"userId", user}, {.sort = {"workspaceId", 1}})) {
    workspaces.emplace_back(member.text("workspaceId"));
  }
  return workspaces;
}

void rename_member(MongoConnection& db, const UserId& user, const std::string& name) {
  db.update_many(kWorkspaceMembers, {"userId", user}, {"$set", MongoDocument("name", name, "foldedName", folded(name))});
}

}  // namespace atrium::storage
