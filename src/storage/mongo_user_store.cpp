#include "storage/mongo_user_store.h"

#include <algorithm>

#include "base/random_id.h"
#include "storage/mongo_members.h"
#include "storage/mongo_schema.h"
#include "storage/mongo_sessions.h"

namespace atrium::storage {

namespace {

User user_of(const MongoRecord& record) {
  User user{.id = UserId(record.text("_id")),
            .name = record.text("name"),
            .email = record.text("email"),
            .created_at = record.time("createdAt")};
  user.first_name = record.text("firstName");
  user.last_name = record.text("lastName");
  user.role = parse_global_role(record.text("role")).value_or(GlobalRole::user);
  user.active = record.flag("active");
  user.own_profile = record.flag("ownProfile");
  user.last_login_at = record.time_if("lastLoginAt");
  return user;
}

MongoDocument document_of(const User& user) {
  return {"_id",       user.id,         "name",        user.name,
          "email",     user.email,      "foldedEmail", folded(user.email),
          "createdAt", user.created_at, "firstName",   user.first_name,
          "lastName",  user.last_name,  "role",        to_string(user.role),
          "active",    user.active,     "ownProfile",  user.own_profile};
}

std::optional<User> stored(MongoConnection& db, const UserId& id) {
  const auto record = db.find_one(kUsers, {"_id", id});
  return record ? std::optional(user_of(*record)) : std::nullopt;
}

User stored_or_lost(MongoConnection& db, const UserId& id) {
  auto user = stored(db, id);
  if (!user) throw StoreUnavailable("a user who was just there is there no more");
  return std::move(*user);
}

/// The membership first: whoever is there already is made a member no more, so a failure between the two would keep him out.
User add_new(MongoConnection& db, const User& user, const std::optional<WorkspaceId>& first_workspace) {
  if (first_workspace) add_workspace_member(db, *first_workspace, user, Role::member);
  db.insert(kUsers, document_of(user));
  return stored_or_lost(db, user.id);
}

User ensured(MongoConnection& db, const User& user, const std::optional<WorkspaceId>& first_workspace) {
  auto known = stored(db, user.id);
  if (!known) return add_new(db, user, first_workspace);
  // Nothing that is already so is written: most users come back unchanged.
  if (known->own_profile || (known->name == user.name && known->email == user.email)) return std::move(*known);
  if (known->name != user.name) rename_member(db, user.id, user.name);
  db.update_one(kUsers, {"_id", user.id, "ownProfile", false},
                {"$set", MongoDocument("name", user.name, "email", user.email, "foldedEmail", folded(user.email))});
  return stored_or_lost(db, user.id);
}

}  // namespace

Task<User> MongoUserStore::ensure(User user, std::optional<WorkspaceId> first_workspace) {
  if (user.created_at == WallTime{}) user.created_at = clock_.wall();
  // Kept by no token: see UserStore::ensure.
  user.own_profile = false;
  const std::string line = user.id.value;
  auto work = [user = std::move(user), first_workspace = std::move(first_workspace)](MongoConnection& db) {
    return ensured(db, user, first_workspace);
  };
  return engine_.run_in_line(line, std::move(work));
}

Task<std::optional<User>> MongoUserStore::find(UserId id) {
  return engine_.run([id = std::move(id)](MongoConnection& db) { return stored(db, id); });
}

Task<std::optional<User>> MongoUserStore::find_seen_by(UserId id, UserId viewer) {
  return engine_.run([id = std::move(id), viewer = std::move(viewer)](MongoConnection& db) -> std::optional<User> {
    if (id != viewer) {
      const MongoDocument shared("userId", id, "workspaceId", MongoDocument("$in", workspaces_of(db, viewer)));
      if (!db.exists(kWorkspaceMembers, shared)) return std::nullopt;
    }
    return stored(db, id);
  });
}

Task<Standing> MongoUserStore::standing(UserId id, SessionId session) {
  return engine_.run([id = std::move(id), session = std::move(session), now = clock_.wall()](MongoConnection& db) {
    Standing standing{.user = stored(db, id), .workspaces = workspaces_of(db, id)};
    const MongoDocument alive("_id", session, "userId", id, "expiresAt", MongoDocument("$gt", now));
    standing.session_lives = session.empty() || db.exists(kSessions, alive);
    return standing;
  });
}

Task<Result<User, StoreError>> MongoUserStore::create(Account account, std::optional<WorkspaceId> first_workspace) {
  if (account.user.created_at == WallTime{}) account.user.created_at = clock_.wall();
  if (account.user.id.empty()) account.user.id = UserId(object_id(clock_.wall()));
  account.user.own_profile = true;
  const std::string line = folded(account.user.email);
  auto work = [account = std::move(account),
               first_workspace = std::move(first_workspace)](MongoConnection& db) -> Result<User, StoreError> {
    const User& user = account.user;
    const std::string email = folded(user.email);
    if (db.exists(kUsers, {"foldedEmail", email})) return StoreError::email_taken;
    MongoDocument document = document_of(user);
    document.add("passwordHash", account.password_hash, "account", email);
    // The id is new, so the membership is nobody's until he is there: see add_new().
    const bool added = first_workspace && add_workspace_member(db, *first_workspace, user, Role::member);
    if (db.insert(kUsers, document)) return user;
    if (added) db.remove_one(kWorkspaceMembers, {"_id", pair_id(first_workspace->value, user.id.value)});
    return StoreError::email_taken;
  };
  return engine_.run_in_line(line, std::move(work));
}

Task<std::optional<Account>> MongoUserStore::account_of(std::string email) {
  return engine_.run([email = std::move(email)](MongoConnection& db) -> std::optional<Account> {
    const auto record = db.find_one(kUsers, {"account", folded(email)});
    if (!record) return std::nullopt;
    return Account{.user = user_of(*record), .password_hash = record->text("passwordHash")};
  });
}

Task<Result<User, StoreError>> MongoUserStore::change(UserId id, UserChange change) {
  const std::string line = id.value;
  auto work = [id = std::move(id), change = std::move(change)](MongoConnection& db) -> Result<User, StoreError> {
    if (!stored(db, id)) return StoreError::not_found;
    MongoDocument set;
    if (change.name) set.add("name", *change.name);
    if (change.first_name) set.add("firstName", *change.first_name);
    if (change.last_name) set.add("lastName", *change.last_name);
    if (change.name || change.first_name || change.last_name) set.add("ownProfile", true);
    if (change.role) set.add("role", to_string(*change.role));
    if (change.active) set.add("active", *change.active);
    if (change.name) rename_member(db, id, *change.name);
    if (!bson_empty(set.get())) db.update_one(kUsers, {"_id", id}, {"$set", set});
    User user = stored_or_lost(db, id);
    if (!user.active) end_sessions(db, id);
    return user;
  };
  return engine_.run_in_line(line, std::move(work));
}

}  // namespace atrium::storage
