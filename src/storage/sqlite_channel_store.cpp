#include "storage/sqlite_channel_store.h"

#include <algorithm>
#include <array>

#include "base/random_id.h"
#include "storage/direct_name.h"
#include "storage/sqlite_listing.h"
#include "storage/sqlite_query.h"

namespace atrium::storage {

namespace {

Channel channel_of(const SqliteQuery& row) {
  return {.id = ChannelId(row.text(0)),
          .workspace = WorkspaceId(row.text(1)),
          .name = row.text(2),
          .description = row.text(3),
          // The table holds no other words; one of a later version would be kept from everybody's eyes.
          .type = parse_channel_type(row.text(4)).value_or(ChannelType::private_),
          .created_by = UserId(row.text(5)),
          .created_at = row.time(6)};
}

constexpr std::string_view kById =
    "SELECT id, workspace_id, name, description, type, created_by, created_at FROM channels WHERE id = ?1";
constexpr std::string_view kByName =
    "SELECT id, workspace_id, name, description, type, created_by, created_at FROM channels "
    "WHERE workspace_id = ?1 AND name = ?2";
constexpr std::string_view kStanding =
    "SELECT c.id, c.workspace_id, c.name, c.description, c.type, c.created_by, c.created_at, coalesce(w.role, ''), "
    "m.user_id IS NOT NULL FROM channels c "
    "LEFT JOIN workspace_members w ON w.workspace_id = c.workspace_id AND w.user_id = ?2 "
    "LEFT JOIN channel_members m ON m.channel_id = c.id AND m.user_id = ?2 WHERE c.id = ?1";
constexpr std::string_view kReadersCalled =
    "SELECT u.id FROM channels c JOIN users u ON u.name = ?2 COLLATE NOCASE OR u.id = ?2 WHERE c.id = ?1 AND "
    "CASE c.type WHEN 'public' "
    "THEN EXISTS (SELECT 1 FROM workspace_members m WHERE m.workspace_id = c.workspace_id AND m.user_id = u.id) "
    "ELSE EXISTS (SELECT 1 FROM channel_members m WHERE m.channel_id = c.id AND m.user_id = u.id) END LIMIT ?3";
constexpr std::string_view kOpen =
    "SELECT 1 FROM channels c JOIN workspace_members w ON w.workspace_id = c.workspace_id AND w.user_id = ?2 "
    "WHERE c.id = ?1 AND (c.type = 'public' OR EXISTS "
    "(SELECT 1 FROM channel_members m WHERE m.channel_id = c.id AND m.user_id = ?2))";
constexpr std::string_view kInsert =
    "INSERT INTO channels (id, workspace_id, name, description, type, created_by, created_at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING";
constexpr std::string_view kAddMember =
    "INSERT OR IGNORE INTO channel_members (channel_id, user_id) "
    "SELECT c.id, w.user_id FROM channels c JOIN workspace_members w ON w.workspace_id = c.workspace_id "
    "WHERE c.id = ?1 AND w.user_id = ?2";

constexpr std::array<std::string_view, ChannelStore::kFields.size()> kExpressions{"id",   "name",       "description",
                                                                                  "type", "created_by", "created_at"};
constexpr SqlList kVisible{.columns = "id, workspace_id, name, description, type, created_by, created_at",
                           .from = "channels",
                           .where =
                               "workspace_id = ?1 AND (type = 'public' OR EXISTS "
                               "(SELECT 1 FROM channel_members m WHERE m.channel_id = channels.id AND m.user_id = ?2))",
                           .fields = ChannelStore::kFields,
                           .expressions = kExpressions,
                           .order = "name",
                           .tie = "id"};

/// False: the name or the id is taken.
bool insert(SqliteConnection& db, const Channel& channel) {
  return SqliteQuery(db, kInsert, channel.id, channel.workspace, channel.name, channel.description, to_string(channel.type),
                     channel.created_by, channel.created_at)
             .change() > 0;
}

bool in_workspace(SqliteConnection& db, const WorkspaceId& workspace, const UserId& user) {
  return SqliteQuery(db, "SELECT 1 FROM workspace_members WHERE workspace_id = ?1 AND user_id = ?2", workspace, user).next();
}

}  // namespace

Task<std::optional<Channel>> SqliteChannelStore::find(ChannelId id) {
  return engine_.read([id = std::move(id)](SqliteConnection& db) {
    SqliteQuery query(db, kById, id);
    return query.next() ? std::optional(channel_of(query)) : std::nullopt;
  });
}

Task<std::optional<Channel>> SqliteChannelStore::find_by_name(WorkspaceId workspace, std::string name) {
  return engine_.read([workspace = std::move(workspace), name = std::move(name)](SqliteConnection& db) {
    SqliteQuery query(db, kByName, workspace, name);
    return query.next() ? std::optional(channel_of(query)) : std::nullopt;
  });
}

Task<Result<Channel, StoreError>> SqliteChannelStore::create(Channel channel) {
  if (channel.created_at == WallTime{}) channel.created_at = clock_.wall();
  if (channel.id.empty()) channel.id = ChannelId(object_id(channel.created_at));
  return engine_.write([channel = std::move(channel)](SqliteConnection& db) -> Result<Channel, StoreError> {
    if (!SqliteQuery(db, "SELECT 1 FROM workspaces WHERE id = ?1", channel.workspace).next()) return StoreError::not_found;
    if (!insert(db, channel)) return StoreError::name_taken;
    if (channel.type != ChannelType::public_) SqliteQuery(db, kAddMember, channel.id, channel.created_by).change();
    return channel;
  });
}

Task<Result<Channel, StoreError>> SqliteChannelStore::direct(WorkspaceId workspace, UserId user, UserId other) {
  const WallTime now = clock_.wall();
  Channel made{.id = ChannelId(object_id(now)),
               .workspace = std::move(workspace),
               .name = direct_name(user, other),
               .description = {},
               .type = ChannelType::direct,
               .created_by = std::move(user),
               .created_at = now};
  return engine_.write([made = std::move(made), other = std::move(other)](SqliteConnection& db) -> Result<Channel, StoreError> {
    const UserId& one = made.created_by;
    if (!in_workspace(db, made.workspace, one) || !in_workspace(db, made.workspace, other)) return StoreError::not_found;
    insert(db, made);
    SqliteQuery query(db, kByName, made.workspace, made.name);
    if (!query.next()) return StoreError::name_taken;
    Channel channel = channel_of(query);
    if (channel.type != ChannelType::direct) return StoreError::name_taken;
    for (const UserId& member : {one, other}) SqliteQuery(db, kAddMember, channel.id, member).change();
    return channel;
  });
}

Task<Result<Channel, StoreError>> SqliteChannelStore::update(ChannelId id, ChannelChange change) {
  return engine_.write([id = std::move(id), change = std::move(change)](SqliteConnection& db) -> Result<Channel, StoreError> {
    std::optional<Channel> channel;
    {
      SqliteQuery query(db, kById, id);
      if (!query.next()) return StoreError::channel_not_found;
      channel = channel_of(query);
    }
    if (change.name) channel->name = *change.name;
    if (change.description) channel->description = *change.description;
    SqliteQuery update(db, "UPDATE OR IGNORE channels SET name = ?2, description = ?3 WHERE id = ?1", id, channel->name,
                       channel->description);
    if (update.change() == 0) return StoreError::name_taken;
    return std::move(*channel);
  });
}

Task<bool> SqliteChannelStore::remove(ChannelId id) {
  return engine_.write([id = std::move(id)](SqliteConnection& db) {
    SqliteQuery(db, "DELETE FROM messages WHERE channel_id = ?1", id).change();
    SqliteQuery(db, "DELETE FROM channel_members WHERE channel_id = ?1", id).change();
    return SqliteQuery(db, "DELETE FROM channels WHERE id = ?1", id).change() > 0;
  });
}

Task<std::optional<ChannelStanding>> SqliteChannelStore::standing(ChannelId id, UserId user) {
  return engine_.read([id = std::move(id), user = std::move(user)](SqliteConnection& db) -> std::optional<ChannelStanding> {
    SqliteQuery query(db, kStanding, id, user);
    if (!query.next()) return std::nullopt;
    return ChannelStanding{.channel = channel_of(query), .role = parse_role(query.text(7)), .added = query.integer(8) != 0};
  });
}

Task<Listed<Channel>> SqliteChannelStore::list(WorkspaceId workspace, UserId user, ListQuery query) {
  return engine_.read(
      [workspace = std::move(workspace), user = std::move(user), query = std::move(query)](SqliteConnection& db) {
        return read_list(db, kVisible, {workspace.value, user.value}, query, channel_of);
      });
}

Task<std::vector<ChannelId>> SqliteChannelStore::ids_in(WorkspaceId workspace) {
  return engine_.read([workspace = std::move(workspace)](SqliteConnection& db) {
    SqliteQuery query(db, "SELECT id FROM channels WHERE workspace_id = ?1", workspace);
    std::vector<ChannelId> ids;
    while (query.next()) ids.emplace_back(query.text(0));
    return ids;
  });
}

Task<std::vector<ChannelId>> SqliteChannelStore::open_to(UserId user, std::vector<ChannelId> channels) {
  return engine_.read([user = std::move(user), channels = std::move(channels)](SqliteConnection& db) {
    std::vector<ChannelId> open;
    std::copy_if(channels.begin(), channels.end(), std::back_inserter(open),
                 [&](const ChannelId& channel) { return SqliteQuery(db, kOpen, channel, user).next(); });
    return open;
  });
}

Task<bool> SqliteChannelStore::is_member(ChannelId channel, UserId user) {
  return engine_.read([channel = std::move(channel), user = std::move(user)](SqliteConnection& db) {
    return SqliteQuery(db, "SELECT 1 FROM channel_members WHERE channel_id = ?1 AND user_id = ?2", channel, user).next();
  });
}

Task<bool> SqliteChannelStore::add_member(ChannelId channel, UserId user) {
  return engine_.write([channel = std::move(channel), user = std::move(user)](SqliteConnection& db) {
    return SqliteQuery(db, kAddMember, channel, user).change() > 0;
  });
}

Task<bool> SqliteChannelStore::remove_member(ChannelId channel, UserId user) {
  return engine_.write([channel = std::move(channel), user = std::move(user)](SqliteConnection& db) {
    return SqliteQuery(db, "DELETE FROM channel_members WHERE channel_id = ?1 AND user_id = ?2", channel, user).change() > 0;
  });
}

Task<std::vector<Called>> SqliteChannelStore::readers_called(ChannelId channel, std::vector<std::string> names) {
  return engine_.read([channel = std::move(channel), names = std::move(names)](SqliteConnection& db) {
    std::vector<Called> found;
    for (const std::string& name : names) {
      SqliteQuery query(db, kReadersCalled, channel, name, kNamesakes);
      while (query.next()) found.push_back({name, UserId(query.text(0))});
    }
    return found;
  });
}

Task<std::vector<UserId>> SqliteChannelStore::members(ChannelId channel) {
  return engine_.read([channel = std::move(channel)](SqliteConnection& db) {
    SqliteQuery query(db, "SELECT user_id FROM channel_members WHERE channel_id = ?1 ORDER BY user_id", channel);
    std::vector<UserId> members;
    while (query.next()) members.emplace_back(query.text(0));
    return members;
  });
}

}  // namespace atrium::storage
