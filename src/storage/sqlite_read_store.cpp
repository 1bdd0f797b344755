#include "storage/sqlite_read_store.h"

#include <optional>

#include "storage/sqlite_query.h"

namespace atrium::storage {

namespace {

// `seq` has no gaps, so what is unread need not be visited: only what does not count among it.
constexpr std::string_view kReading =
    "WITH at AS (SELECT c.id, c.last_seq, c.mod_seq, coalesce(r.read_seq, 0) AS read_seq FROM channels c "
    "LEFT JOIN channel_reads r ON r.channel_id = c.id AND r.user_id = ?2 WHERE c.id = ?1) "
    "SELECT last_seq, mod_seq, read_seq, last_seq - read_seq "
    "- (SELECT count(*) FROM messages WHERE channel_id = at.id AND sender_id = ?2 AND seq > at.read_seq AND deleted = 0) "
    "- (SELECT count(*) FROM messages WHERE channel_id = at.id AND seq > at.read_seq AND deleted = 1) FROM at";
constexpr std::string_view kMark =
    "INSERT INTO channel_reads (user_id, channel_id, read_seq) "
    "SELECT ?2, id, min(?3, last_seq) FROM channels WHERE id = ?1 AND min(?3, last_seq) > 0 "
    "ON CONFLICT (user_id, channel_id) DO UPDATE SET read_seq = excluded.read_seq WHERE excluded.read_seq > read_seq";
constexpr std::string_view kMembers =
    "SELECT count(*) FROM ("
    "SELECT 1 FROM channels c JOIN workspace_members m ON m.workspace_id = c.workspace_id "
    "WHERE c.id = ?1 AND c.type = 'public' UNION ALL "
    "SELECT 1 FROM channels c JOIN channel_members m ON m.channel_id = c.id WHERE c.id = ?1 AND c.type <> 'public' LIMIT ?2)";

std::optional<Reading> read(SqliteConnection& db, const ChannelId& channel, const UserId& user) {
  SqliteQuery row(db, kReading, channel, user);
  if (!row.next()) return std::nullopt;
  return Reading{
      .now = {.last_seq = row.counter(0), .mod_seq = row.counter(1)}, .read_seq = row.counter(2), .unread = row.counter(3)};
}

std::uint64_t count_members(SqliteConnection& db, const ChannelId& channel, std::uint64_t at_most) {
  SqliteQuery row(db, kMembers, channel, at_most);
  return row.next() ? row.counter(0) : 0;
}

}  // namespace

Task<Reading> SqliteReadStore::reading(ChannelId channel, UserId user) {
  return engine_.read([channel = std::move(channel), user = std::move(user)](SqliteConnection& db) {
    return read(db, channel, user).value_or(Reading{});
  });
}

Task<Result<Marked, StoreError>> SqliteReadStore::mark(ChannelId channel, UserId user, std::uint64_t seq,
                                                       std::uint64_t count_members_to) {
  return engine_.write([channel = std::move(channel), user = std::move(user), seq,
                        count_members_to](SqliteConnection& db) -> Result<Marked, StoreError> {
    Marked marked;
    marked.moved = SqliteQuery(db, kMark, channel, user, seq).change() > 0;
    const auto reading = read(db, channel, user);
    if (!reading) return StoreError::channel_not_found;
    marked.reading = *reading;
    if (marked.moved) marked.members = count_members(db, channel, count_members_to);
    return marked;
  });
}

}  // namespace atrium::storage
