#include "storage/mongo_workspace_store.h"

#include <array>

#include "base/random_id.h"
#include "storage/mongo_listing.h"
#include "storage/mongo_members.h"
#include "storage/mongo_removals.h"
#include "storage/mongo_schema.h"

namespace atrium::storage {

namespace {

constexpr std::array<const char*, WorkspaceStore::kFields.size()> kNames{"_id", "name", "slug", "description", "createdAt"};
constexpr MongoList kListOfUser{
    .collection = kWorkspaces, .fields = WorkspaceStore::kFields, .names = kNames, .order = "name", .tie = "_id"};

constexpr std::array<const char*, WorkspaceStore::kMemberFields.size()> kMemberNames{"userId", "userId", "name", "role",
                                                                                     "joinedAt"};
constexpr MongoList kListOfMembers{.collection = kWorkspaceMembers,
                                   .fields = WorkspaceStore::kMemberFields,
                                   .names = kMemberNames,
                                   .order = "name",
                                   .tie = "userId"};

Workspace workspace_of(const MongoRecord& record) {
  return {.id = WorkspaceId(record.text("_id")),
          .name = record.text("name"),
          .slug = record.text("slug"),
          .created_by = UserId(record.text("createdBy")),
          .description = record.text("description"),
          .logo_url = record.text("logoUrl"),
          .created_at = record.time("createdAt")};
}

WorkspaceMember member_of(const MongoRecord& record) {
  return {UserId(record.text("userId")), record.text("name"), parse_role(record.text("role")).value_or(Role::member),
          record.time("joinedAt")};
}

std::optional<Workspace> stored(MongoConnection& db, const WorkspaceId& id) {
  const auto record = db.find_one(kWorkspaces, {"_id", id});
  return record ? std::optional(workspace_of(*record)) : std::nullopt;
}

/// With the name that the user has now.
std::optional<WorkspaceMember> stored_member(MongoConnection& db, const WorkspaceId& workspace, const UserId& user) {
  const auto record = db.find_one(kWorkspaceMembers, {"_id", pair_id(workspace.value, user.value)});
  const auto person = record ? db.find_one(kUsers, {"_id", user}) : std::nullopt;
  if (!person) return std::nullopt;
  WorkspaceMember member = member_of(*record);
  member.name = person->text("name");
  return member;
}

/// False: the id or the slug is taken.
bool insert(MongoConnection& db, const Workspace& workspace) {
  make_room_for(db, workspace.id);
  return db.insert(kWorkspaces,
                   {"_id", workspace.id, "name", workspace.name, "slug", workspace.slug, "createdBy", workspace.created_by,
                    "description", workspace.description, "logoUrl", workspace.logo_url, "createdAt", workspace.created_at});
}

std::optional<UserId> user_with(MongoConnection& db, const std::string& email) {
  const auto user = db.find_one(kUsers, {"foldedEmail", folded(email)}, {"createdAt", 1, "_id", 1});
  return user ? std::optional(UserId(user->text("_id"))) : std::nullopt;
}

}  // namespace

Task<Workspace> MongoWorkspaceStore::ensure(Workspace workspace) {
  if (workspace.created_at == WallTime{}) workspace.created_at = clock_.wall();
  return engine_.run([workspace = std::move(workspace)](MongoConnection& db) {
    auto known = stored(db, workspace.id);
    if (known) return std::move(*known);
    if (insert(db, workspace)) return workspace;
    // Another node made it a moment ago.
    known = stored(db, workspace.id);
    if (!known) throw StoreUnavailable("the slug " + workspace.slug + " is another workspace's");
    return std::move(*known);
  });
}

Task<Result<Workspace, StoreError>> MongoWorkspaceStore::create(Workspace workspace) {
  if (workspace.created_at == WallTime{}) workspace.created_at = clock_.wall();
  if (workspace.id.empty()) workspace.id = WorkspaceId(object_id(workspace.created_at));
  return engine_.run([workspace = std::move(workspace)](MongoConnection& db) -> Result<Workspace, StoreError> {
    if (!db.exists(kUsers, {"_id", workspace.created_by})) return StoreError::not_found;
    if (!insert(db, workspace)) return StoreError::name_taken;
    add_workspace_member(db, workspace.id, workspace.created_by, Role::admin, workspace.created_at);
    return workspace;
  });
}

Task<Result<Workspace, StoreError>> MongoWorkspaceStore::update(WorkspaceId id, WorkspaceChange change) {
  const std::string line = id.value;
  auto work = [id = std::move(id), change = std::move(change)](MongoConnection& db) -> Result<Workspace, StoreError> {
    MongoDocument set;
    if (change.name) set.add("name", *change.name);
    if (change.slug) set.add("slug", *change.slug);
    if (change.description) set.add("description", *change.description);
    if (change.logo_url) set.add("logoUrl", *change.logo_url);
    if (change.slug && db.exists(kWorkspaces, {"slug", *change.slug, "_id", MongoDocument("$ne", id)})) {
      return StoreError::name_taken;
    }
    if (!bson_empty(set.get()) && db.update_one(kWorkspaces, {"_id", id}, {"$set", set}).taken) return StoreError::name_taken;
    auto workspace = stored(db, id);
    if (!workspace) return StoreError::not_found;
    return std::move(*workspace);
  };
  return engine_.run_in_line(line, std::move(work));
}

Task<std::optional<std::vector<ChannelId>>> MongoWorkspaceStore::remove(WorkspaceId id) {
  return engine_.run([id = std::move(id)](MongoConnection& db) { return remove_workspace(db, id); });
}

Task<std::optional<Workspace>> MongoWorkspaceStore::find(WorkspaceId id) {
  return engine_.run([id = std::move(id)](MongoConnection& db) { return stored(db, id); });
}

Task<std::optional<WorkspaceStanding>> MongoWorkspaceStore::standing(WorkspaceId id, UserId user) {
  return engine_.run([id = std::move(id), user = std::move(user)](MongoConnection& db) -> std::optional<WorkspaceStanding> {
    auto workspace = stored(db, id);
    if (!workspace) return std::nullopt;
    return WorkspaceStanding{std::move(*workspace), role_in(db, id, user)};
  });
}

Task<Listed<Workspace>> MongoWorkspaceStore::list(UserId user, ListQuery query) {
  return engine_.run([user = std::move(user), query = std::move(query)](MongoConnection& db) {
    const MongoDocument his("_id", MongoDocument("$in", workspaces_of(db, user)));
    return read_list(db, kListOfUser, his, query, workspace_of);
  });
}

Task<bool> MongoWorkspaceStore::is_member(WorkspaceId workspace, UserId user) {
  return engine_.run([workspace = std::move(workspace), user = std::move(user)](MongoConnection& db) {
    return is_workspace_member(db, workspace, user);
  });
}

Task<std::optional<WorkspaceMember>> MongoWorkspaceStore::member(WorkspaceId workspace, UserId user) {
  return engine_.run([workspace = std::move(workspace), user = std::move(user)](MongoConnection& db) {
    return stored_member(db, workspace, user);
  });
}

Task<bool> MongoWorkspaceStore::add_member(WorkspaceId workspace, UserId user, Role role) {
  const std::string line = user.value;
  auto work = [workspace = std::move(workspace), user = std::move(user), role, now = clock_.wall()](MongoConnection& db) {
    return add_workspace_member(db, workspace, user, role, now);
  };
  return engine_.run_in_line(line, std::move(work));
}

Task<std::optional<WorkspaceMember>> MongoWorkspaceStore::invite(WorkspaceId workspace, std::string email, Role role) {
  return engine_.run([workspace = std::move(workspace), email = std::move(email), role,
                      now = clock_.wall()](MongoConnection& db) -> std::optional<WorkspaceMember> {
    const auto user = user_with(db, email);
    if (!user) return std::nullopt;
    add_workspace_member(db, workspace, *user, role, now);
    return stored_member(db, workspace, *user);
  });
}

Task<std::optional<WorkspaceMember>> MongoWorkspaceStore::set_role(WorkspaceId workspace, UserId user, Role role) {
  const std::string line = user.value;
  auto work = [workspace = std::move(workspace), user = std::move(user), role](MongoConnection& db) {
    db.update_one(kWorkspaceMembers, {"_id", pair_id(workspace.value, user.value)},
                  {"$set", MongoDocument("role", to_string(role))});
    return stored_member(db, workspace, user);
  };
  return engine_.run_in_line(line, std::move(work));
}

Task<bool> MongoWorkspaceStore::remove_member(WorkspaceId workspace, UserId user) {
  const std::string line = user.value;
  auto work = [workspace = std::move(workspace), user = std::move(user)](MongoConnection& db) {
    // His channels first: whoever fails in between finds him a member still, and can do it again.
    db.remove_many(kChannelMembers, {"userId", user, "workspaceId", workspace});
    return db.remove_one(kWorkspaceMembers, {"_id", pair_id(workspace.value, user.value)}) > 0;
  };
  return engine_.run_in_line(line, std::move(work));
}

Task<Listed<WorkspaceMember>> MongoWorkspaceStore::list_members(WorkspaceId workspace, ListQuery query) {
  return engine_.run([workspace = std::move(workspace), query = std::move(query)](MongoConnection& db) {
    return read_list(db, kListOfMembers, {"workspaceId", workspace}, query, member_of);
  });
}

}  // namespace atrium::storage
