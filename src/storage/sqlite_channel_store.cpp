#include "storage/sqlite_channel_store.h"

#include "base/random_id.h"
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
constexpr std::string_view kVisible =
    "SELECT id, workspace_id, name, description, type, created_by, created_at FROM channels "
    "WHERE workspace_id = ?1 AND (type = 'public' OR EXISTS "
    "(SELECT 1 FROM channel_members m WHERE m.channel_id = channels.id AND m.user_id = ?2)) ORDER BY name";
constexpr std::string_view kOpen =
    "SELECT 1 FROM channels c JOIN workspace_members w ON w.workspace_id = c.workspace_id AND w.user_id = ?2 "
    "WHERE c.id = ?1 AND (c.type = 'public' OR EXISTS "
    "(SELECT 1 FROM channel_members m WHERE m.channel_id = c.id AND m.user_id = ?2))";

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
    SqliteQuery insert(db,
                       "INSERT INTO channels (id, workspace_id, name, description, type, created_by, created_at) "
                       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
                       channel.id, channel.workspace, channel.name, channel.description, to_string(channel.type),
                       channel.created_by, channel.created_at);
    if (insert.change() == 0) return StoreError::name_taken;
    return channel;
  });
}

Task<std::vector<Channel>> SqliteChannelStore::visible_to(WorkspaceId workspace, UserId user) {
  return engine_.read([workspace = std::move(workspace), user = std::move(user)](SqliteConnection& db) {
    SqliteQuery query(db, kVisible, workspace, user);
    std::vector<Channel> channels;
    while (query.next()) channels.push_back(channel_of(query));
    return channels;
  });
}

Task<std::vector<ChannelId>> SqliteChannelStore::open_to(UserId user, std::vector<ChannelId> channels) {
  return engine_.read([user = std::move(user), channels = std::move(channels)](SqliteConnection& db) mutable {
    std::erase_if(channels, [&](const ChannelId& channel) { return !SqliteQuery(db, kOpen, channel, user).next(); });
    return channels;
  });
}

Task<bool> SqliteChannelStore::is_member(ChannelId channel, UserId user) {
  return engine_.read([channel = std::move(channel), user = std::move(user)](SqliteConnection& db) {
    return SqliteQuery(db, "SELECT 1 FROM channel_members WHERE channel_id = ?1 AND user_id = ?2", channel, user).next();
  });
}

Task<bool> SqliteChannelStore::add_member(ChannelId channel, UserId user) {
  return engine_.write([channel = std::move(channel), user = std::move(user)](SqliteConnection& db) {
    return SqliteQuery(db,
                       "INSERT OR IGNORE INTO channel_members (channel_id, user_id) "
                       "SELECT c.id, u.id FROM channels c, users u WHERE c.id = ?1 AND u.id = ?2",
                       channel, user)
               .change() > 0;
  });
}

Task<bool> SqliteChannelStore::remove_member(ChannelId channel, UserId user) {
  return engine_.write([channel = std::move(channel), user = std::move(user)](SqliteConnection& db) {
    return SqliteQuery(db, "DELETE FROM channel_members WHERE channel_id = ?1 AND user_id = ?2", channel, user).change() > 0;
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
