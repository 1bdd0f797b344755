#include "storage/sqlite_workspace_store.h"

#include <array>

#include "base/random_id.h"
#include "storage/sqlite_listing.h"
#include "storage/sqlite_query.h"

namespace atrium::storage {

namespace {

constexpr std::string_view kById =
    "SELECT id, name, slug, created_by, description, logo_url, created_at FROM workspaces WHERE id = ?1";
constexpr std::string_view kStanding =
    "SELECT w.id, w.name, w.slug, w.created_by, w.description, w.logo_url, w.created_at, coalesce(m.role, '') "
    "FROM workspaces w LEFT JOIN workspace_members m ON m.workspace_id = w.id AND m.user_id = ?2 WHERE w.id = ?1";
constexpr std::string_view kInsert =
    "INSERT INTO workspaces (id, name, slug, created_by, description, logo_url, created_at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING";
constexpr std::string_view kMember =
    "SELECT u.id, u.name, m.role, m.joined_at FROM workspace_members m JOIN users u ON u.id = m.user_id "
    "WHERE m.workspace_id = ?1 AND m.user_id = ?2";

constexpr std::array<std::string_view, WorkspaceStore::kFields.size()> kExpressions{"w.id", "w.name", "w.slug", "w.description",
                                                                                    "w.created_at"};
constexpr SqlList kListOfUser{.columns = "w.id, w.name, w.slug, w.created_by, w.description, w.logo_url, w.created_at",
                              .from = "workspace_members m JOIN workspaces w ON w.id = m.workspace_id",
                              .where = "m.user_id = ?1",
                              .fields = WorkspaceStore::kFields,
                              .expressions = kExpressions,
                              .order = "w.name",
                              .tie = "w.id"};

constexpr std::array<std::string_view, WorkspaceStore::kMemberFields.size()> kMemberExpressions{"u.id", "u.id", "u.name",
                                                                                                "m.role", "m.joined_at"};
constexpr SqlList kListOfMembers{.columns = "u.id, u.name, m.role, m.joined_at",
                                 .from = "workspace_members m JOIN users u ON u.id = m.user_id",
                                 .where = "m.workspace_id = ?1",
                                 .fields = WorkspaceStore::kMemberFields,
                                 .expressions = kMemberExpressions,
                                 .order = "u.name",
                                 .tie = "u.id"};

/// In this order: each rests on those after it.
constexpr std::array<std::string_view, 5> kRemoveAll{
    "DELETE FROM messages WHERE channel_id IN (SELECT id FROM channels WHERE workspace_id = ?1)",
    "DELETE FROM channel_members WHERE channel_id IN (SELECT id FROM channels WHERE workspace_id = ?1)",
    "DELETE FROM channels WHERE workspace_id = ?1",
    "DELETE FROM workspace_members WHERE workspace_id = ?1",
    "DELETE FROM workspaces WHERE id = ?1",
};

Workspace workspace_of(const SqliteQuery& row) {
  return {.id = WorkspaceId(row.text(0)),
          .name = row.text(1),
          .slug = row.text(2),
          .created_by = UserId(row.text(3)),
          .description = row.text(4),
          .logo_url = row.text(5),
          .created_at = row.time(6)};
}

WorkspaceMember member_of(const SqliteQuery& row) {
  return {UserId(row.text(0)), row.text(1), parse_role(row.text(2)).value_or(Role::member), row.time(3)};
}

std::optional<Workspace> stored(SqliteConnection& db, const WorkspaceId& id) {
  SqliteQuery query(db, kById, id);
  if (!query.next()) return std::nullopt;
  return workspace_of(query);
}

std::optional<WorkspaceMember> stored_member(SqliteConnection& db, const WorkspaceId& workspace, const UserId& user) {
  SqliteQuery query(db, kMember, workspace, user);
  if (!query.next()) return std::nullopt;
  return member_of(query);
}

/// False: the id or the slug is taken.
bool insert(SqliteConnection& db, const Workspace& workspace) {
  return SqliteQuery(db, kInsert, workspace.id, workspace.name, workspace.slug, workspace.created_by, workspace.description,
                     workspace.logo_url, workspace.created_at)
             .change() > 0;
}

std::optional<UserId> user_with(SqliteConnection& db, const std::string& email) {
  SqliteQuery query(db, "SELECT id FROM users WHERE lower(email) = lower(?1) ORDER BY created_at, id LIMIT 1", email);
  if (!query.next()) return std::nullopt;
  return UserId(query.text(0));
}

}  // namespace

Task<Workspace> SqliteWorkspaceStore::ensure(Workspace workspace) {
  if (workspace.created_at == WallTime{}) workspace.created_at = clock_.wall();
  return engine_.write([workspace = std::move(workspace)](SqliteConnection& db) {
    if (!insert(db, workspace) && !stored(db, workspace.id)) {
      throw StoreUnavailable("the slug " + workspace.slug + " is another workspace's");
    }
    return *stored(db, workspace.id);
  });
}

Task<Result<Workspace, StoreError>> SqliteWorkspaceStore::create(Workspace workspace) {
  if (workspace.created_at == WallTime{}) workspace.created_at = clock_.wall();
  if (workspace.id.empty()) workspace.id = WorkspaceId(object_id(workspace.created_at));
  return engine_.write([workspace = std::move(workspace)](SqliteConnection& db) -> Result<Workspace, StoreError> {
    if (!SqliteQuery(db, "SELECT 1 FROM users WHERE id = ?1", workspace.created_by).next()) return StoreError::not_found;
    if (!insert(db, workspace)) return StoreError::name_taken;
    add_workspace_member(db, workspace.id, workspace.created_by, Role::admin, workspace.created_at);
    return workspace;
  });
}

Task<Result<Workspace, StoreError>> SqliteWorkspaceStore::update(WorkspaceId id, WorkspaceChange change) {
  return engine_.write([id = std::move(id), change = std::move(change)](SqliteConnection& db) -> Result<Workspace, StoreError> {
    auto workspace = stored(db, id);
    if (!workspace) return StoreError::not_found;
    if (change.name) workspace->name = *change.name;
    if (change.slug) workspace->slug = *change.slug;
    if (change.description) workspace->description = *change.description;
    if (change.logo_url) workspace->logo_url = *change.logo_url;
    SqliteQuery update(db,
                       "UPDATE OR IGNORE workspaces SET name = ?2, slug = ?3, description = ?4, logo_url = ?5 WHERE id = ?1",
                       id, workspace->name, workspace->slug, workspace->description, workspace->logo_url);
    if (update.change() == 0) return StoreError::name_taken;
    return std::move(*workspace);
  });
}

Task<std::optional<std::vector<ChannelId>>> SqliteWorkspaceStore::remove(WorkspaceId id) {
  return engine_.write([id = std::move(id)](SqliteConnection& db) -> std::optional<std::vector<ChannelId>> {
    if (!stored(db, id)) return std::nullopt;
    std::vector<ChannelId> channels;
    {
      SqliteQuery query(db, "SELECT id FROM channels WHERE workspace_id = ?1", id);
      while (query.next()) channels.emplace_back(query.text(0));
    }
    for (const std::string_view statement : kRemoveAll) SqliteQuery(db, statement, id).change();
    return channels;
  });
}

Task<std::optional<Workspace>> SqliteWorkspaceStore::find(WorkspaceId id) {
  return engine_.read([id = std::move(id)](SqliteConnection& db) { return stored(db, id); });
}

Task<std::optional<WorkspaceStanding>> SqliteWorkspaceStore::standing(WorkspaceId id, UserId user) {
  return engine_.read([id = std::move(id), user = std::move(user)](SqliteConnection& db) -> std::optional<WorkspaceStanding> {
    SqliteQuery query(db, kStanding, id, user);
    if (!query.next()) return std::nullopt;
    return WorkspaceStanding{workspace_of(query), parse_role(query.text(7))};
  });
}

Task<Listed<Workspace>> SqliteWorkspaceStore::list(UserId user, ListQuery query) {
  return engine_.read([user = std::move(user), query = std::move(query)](SqliteConnection& db) {
    return read_list(db, kListOfUser, {user.value}, query, workspace_of);
  });
}

Task<bool> SqliteWorkspaceStore::is_member(WorkspaceId workspace, UserId user) {
  return engine_.read([workspace = std::move(workspace), user = std::move(user)](SqliteConnection& db) {
    return SqliteQuery(db, "SELECT 1 FROM workspace_members WHERE workspace_id = ?1 AND user_id = ?2", workspace, user).next();
  });
}

Task<std::optional<WorkspaceMember>> SqliteWorkspaceStore::member(WorkspaceId workspace, UserId user) {
  return engine_.read([workspace = std::move(workspace), user = std::move(user)](SqliteConnection& db) {
    return stored_member(db, workspace, user);
  });
}

Task<bool> SqliteWorkspaceStore::add_member(WorkspaceId workspace, UserId user, Role role) {
  return engine_.write([workspace = std::move(workspace), user = std::move(user), role, now = clock_.wall()](
                           SqliteConnection& db) { return add_workspace_member(db, workspace, user, role, now); });
}

Task<std::optional<WorkspaceMember>> SqliteWorkspaceStore::invite(WorkspaceId workspace, std::string email, Role role) {
  return engine_.write([workspace = std::move(workspace), email = std::move(email), role,
                        now = clock_.wall()](SqliteConnection& db) -> std::optional<WorkspaceMember> {
    const auto user = user_with(db, email);
    if (!user) return std::nullopt;
    add_workspace_member(db, workspace, *user, role, now);
    return stored_member(db, workspace, *user);
  });
}

Task<std::optional<WorkspaceMember>> SqliteWorkspaceStore::set_role(WorkspaceId workspace, UserId user, Role role) {
  return engine_.write([workspace = std::move(workspace), user = std::move(user), role](SqliteConnection& db) {
    SqliteQuery(db, "UPDATE workspace_members SET role = ?3 WHERE workspace_id = ?1 AND user_id = ?2", workspace, user,
                to_string(role))
        .change();
    return stored_member(db, workspace, user);
  });
}

bool add_workspace_member(SqliteConnection& db, const WorkspaceId& workspace, const UserId& user, Role role,
                          WallTime joined_at) {
  return SqliteQuery(db,
                     "INSERT OR IGNORE INTO workspace_members (workspace_id, user_id, role, joined_at) "
                     "SELECT w.id, u.id, ?3, iif(?4 = 0, u.created_at, ?4) FROM workspaces w, users u "
                     "WHERE w.id = ?1 AND u.id = ?2",
                     workspace, user, to_string(role), joined_at)
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

Task<Listed<WorkspaceMember>> SqliteWorkspaceStore::list_members(WorkspaceId workspace, ListQuery query) {
  return engine_.read([workspace = std::move(workspace), query = std::move(query)](SqliteConnection& db) {
    return read_list(db, kListOfMembers, {workspace.value}, query, member_of);
  });
}

}  // namespace atrium::storage
