#include "storage/sqlite_workspace_store.h"

#include "storage/sqlite_query.h"

namespace atrium::storage {

namespace {

Workspace workspace_of(const SqliteQuery& row) {
  return {WorkspaceId(row.text(0)), row.text(1), row.text(2), UserId(row.text(3))};
}

std::optional<Workspace> stored(SqliteConnection& db, const WorkspaceId& id) {
  SqliteQuery query(db, "SELECT id, name, slug, created_by FROM workspaces WHERE id = ?1", id);
  if (!query.next()) return std::nullopt;
  return workspace_of(query);
}

}  // namespace

Task<Workspace> SqliteWorkspaceStore::ensure(Workspace workspace) {
  return engine_.write([workspace = std::move(workspace)](SqliteConnection& db) {
    SqliteQuery(db, "INSERT INTO workspaces (id, name, slug, created_by) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO NOTHING",
                workspace.id, workspace.name, workspace.slug, workspace.created_by)
        .change();
    return *stored(db, workspace.id);
  });
}

Task<std::optional<Workspace>> SqliteWorkspaceStore::find(WorkspaceId id) {
  return engine_.read([id = std::move(id)](SqliteConnection& db) { return stored(db, id); });
}

Task<std::vector<Workspace>> SqliteWorkspaceStore::of_user(UserId user) {
  return engine_.read([user = std::move(user)](SqliteConnection& db) {
    SqliteQuery query(db,
                      "SELECT w.id, w.name, w.slug, w.created_by FROM workspace_members m "
                      "JOIN workspaces w ON w.id = m.workspace_id WHERE m.user_id = ?1 ORDER BY w.name, w.id",
                      user);
    std::vector<Workspace> workspaces;
    while (query.next()) workspaces.push_back(workspace_of(query));
    return workspaces;
  });
}

Task<bool> SqliteWorkspaceStore::is_member(WorkspaceId workspace, UserId user) {
  return engine_.read([workspace = std::move(workspace), user = std::move(user)](SqliteConnection& db) {
    return SqliteQuery(db, "SELECT 1 FROM workspace_members WHERE workspace_id = ?1 AND user_id = ?2", workspace, user).next();
  });
}

Task<bool> SqliteWorkspaceStore::add_member(WorkspaceId workspace, UserId user, Role role) {
  return engine_.write([workspace = std::move(workspace), user = std::move(user), role](SqliteConnection& db) {
    return add_workspace_member(db, workspace, user, role);
  });
}

bool add_workspace_member(SqliteConnection& db, const WorkspaceId& workspace, const UserId& user, Role role) {
  return SqliteQuery(db,
                     "INSERT OR IGNORE INTO workspace_members (workspace_id, user_id, role) "
                     "SELECT w.id, u.id, ?3 FROM workspaces w, users u WHERE w.id = ?1 AND u.id = ?2",
                     workspace, user, to_string(role))
             .change() > 0;
}

Task<bool> SqliteWorkspaceStore::remove_member(WorkspaceId workspace, UserId user) {
  return engine_.write([workspace = std::move(workspace), user = std::move(user)](SqliteConnection& db) {
    SqliteQuery(db,
                "DELETE FROM channel_members WHERE user_id = ?2 "
                "AND channel_id IN (SELECT id FROM channels WHERE workspace_id = ?1)",
                workspace, user)
        .change();
    return SqliteQuery(db, "DELETE FROM workspace_members WHERE workspace_id = ?1 AND user_id = ?2", workspace, user).change() >
           0;
  });
}

Task<std::vector<WorkspaceMember>> SqliteWorkspaceStore::members(WorkspaceId workspace) {
  return engine_.read([workspace = std::move(workspace)](SqliteConnection& db) {
    SqliteQuery query(db,
                      "SELECT u.id, u.name, m.role FROM workspace_members m JOIN users u ON u.id = m.user_id "
                      "WHERE m.workspace_id = ?1 ORDER BY u.name, u.id",
                      workspace);
    std::vector<WorkspaceMember> members;
    while (query.next()) {
      members.push_back({UserId(query.text(0)), query.text(1), parse_role(query.text(2)).value_or(Role::member)});
    }
    return members;
  });
}

}  // namespace atrium::storage
