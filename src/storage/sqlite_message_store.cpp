#include "storage/sqlite_message_store.h"

#include <algorithm>
#include <limits>

#include "base/random_id.h"
#include "storage/sqlite_query.h"

namespace atrium::storage {

namespace {

constexpr std::string_view kById =
    "SELECT id, channel_id, sender_id, sender_name, content, client_msg_id, seq, rev, edited, deleted, created_at, "
    "updated_at "
    "FROM messages WHERE id = ?1";
constexpr std::string_view kByClientId =
    "SELECT id, channel_id, sender_id, sender_name, content, client_msg_id, seq, rev, edited, deleted, created_at, "
    "updated_at "
    "FROM messages WHERE sender_id = ?1 AND client_msg_id = ?2 AND client_msg_id <> ''";
constexpr std::string_view kPageDown =
    "SELECT id, channel_id, sender_id, sender_name, content, client_msg_id, seq, rev, edited, deleted, created_at, "
    "updated_at "
    "FROM messages WHERE channel_id = ?1 AND seq > ?2 AND seq < ?3 AND deleted = 0 ORDER BY seq DESC LIMIT ?4";
constexpr std::string_view kPageUp =
    "SELECT id, channel_id, sender_id, sender_name, content, client_msg_id, seq, rev, edited, deleted, created_at, "
    "updated_at "
    "FROM messages WHERE channel_id = ?1 AND seq > ?2 AND seq < ?3 AND deleted = 0 ORDER BY seq ASC LIMIT ?4";
constexpr std::string_view kInsert =
    "INSERT INTO messages "
    "(id, channel_id, sender_id, sender_name, content, client_msg_id, seq, rev, edited, deleted, created_at, "
    "updated_at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0, ?9, ?9)";

Message message_of(const SqliteQuery& row) {
  return {.id = MessageId(row.text(0)),
          .channel = ChannelId(row.text(1)),
          .sender = UserId(row.text(2)),
          .sender_name = row.text(3),
          .content = row.text(4),
          .client_msg_id = row.text(5),
          .seq = row.counter(6),
          .rev = row.counter(7),
          .edited = row.integer(8) != 0,
          .deleted = row.integer(9) != 0,
          .created_at = row.time(10),
          .updated_at = row.time(11)};
}

std::optional<Message> first_of(SqliteQuery&& query) {
  if (!query.next()) return std::nullopt;
  return message_of(query);
}

Result<Appended, StoreError> repeated(Message stored, const Message& again) {
  const bool comparable = !stored.edited && !stored.deleted;
  if (stored.channel != again.channel || (comparable && stored.content != again.content)) {
    return StoreError::idempotency_conflict;
  }
  const std::uint64_t before = stored.seq - 1;
  return Appended{std::move(stored), before, true};
}

Result<Appended, StoreError> append_to(SqliteConnection& db, Message message) {
  if (!message.client_msg_id.empty()) {
    if (auto stored = first_of(SqliteQuery(db, kByClientId, message.sender, message.client_msg_id))) {
      return repeated(std::move(*stored), message);
    }
  }
  {
    SqliteQuery count(db, "UPDATE channels SET last_seq = last_seq + 1 WHERE id = ?1 RETURNING last_seq", message.channel);
    if (!count.next()) return StoreError::channel_not_found;
    message.seq = count.counter(0);
  }
  SqliteQuery(db, kInsert, message.id, message.channel, message.sender, message.sender_name, message.content,
              message.client_msg_id, message.seq, message.rev, message.created_at)
      .change();
  const std::uint64_t before = message.seq - 1;
  return Appended{std::move(message), before, false};
}

/// Writes what may change of a message once it is there.
void update(SqliteConnection& db, const Message& message) {
  SqliteQuery(db, "UPDATE messages SET content = ?2, rev = ?3, edited = ?4, deleted = ?5, updated_at = ?6 WHERE id = ?1",
              message.id, message.content, message.rev, std::int64_t{message.edited}, std::int64_t{message.deleted},
              message.updated_at)
      .change();
}

}  // namespace

Task<Result<Appended, StoreError>> SqliteMessageStore::append(NewMessage message) {
  const WallTime now = clock_.wall();
  Message made{.id = MessageId(object_id(now)),
               .channel = std::move(message.channel),
               .sender = std::move(message.sender),
               .sender_name = std::move(message.sender_name),
               .content = std::move(message.content),
               .client_msg_id = std::move(message.client_msg_id),
               .rev = 1,
               .created_at = now,
               .updated_at = now};
  return engine_.write([made = std::move(made)](SqliteConnection& db) mutable { return append_to(db, std::move(made)); });
}

Task<std::optional<Message>> SqliteMessageStore::find(MessageId id) {
  return engine_.read([id = std::move(id)](SqliteConnection& db) { return first_of(SqliteQuery(db, kById, id)); });
}

Task<Page> SqliteMessageStore::page(PageQuery query) {
  return engine_.read([query = std::move(query)](SqliteConnection& db) {
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const bool upwards = query.after_seq.has_value();
    // One more than asked for tells whether there are more.
    const std::uint64_t wanted = std::min<std::uint64_t>(query.limit, kMost - 1) + 1;
    SqliteQuery rows(db, upwards ? kPageUp : kPageDown, query.channel, query.after_seq.value_or(0),
                     query.before_seq.value_or(kMost), wanted);
    Page page;
    while (rows.next()) {
      if (page.newest_first.size() == query.limit) {
        page.has_more = true;
        break;
      }
      page.newest_first.push_back(message_of(rows));
    }
    if (upwards) std::reverse(page.newest_first.begin(), page.newest_first.end());
    return page;
  });
}

Task<Result<Edited, StoreError>> SqliteMessageStore::edit(MessageId id, UserId author, std::string content) {
  return engine_.write([id = std::move(id), author = std::move(author), content = std::move(content),
                        now = clock_.wall()](SqliteConnection& db) -> Result<Edited, StoreError> {
    auto message = first_of(SqliteQuery(db, kById, id));
    if (!message || message->deleted) return StoreError::not_found;
    if (message->sender != author) return StoreError::not_author;
    if (message->content == content) return Edited{std::move(*message), false};
    message->content = content;
    message->edited = true;
    message->rev += 1;
    message->updated_at = now;
    update(db, *message);
    return Edited{std::move(*message), true};
  });
}

Task<Result<Edited, StoreError>> SqliteMessageStore::remove(MessageId id, UserId author) {
  return engine_.write([id = std::move(id), author = std::move(author),
                        now = clock_.wall()](SqliteConnection& db) -> Result<Edited, StoreError> {
    auto message = first_of(SqliteQuery(db, kById, id));
    if (!message) return StoreError::not_found;
    if (message->sender != author) return StoreError::not_author;
    if (message->deleted) return Edited{std::move(*message), false};
    message->content.clear();
    message->deleted = true;
    message->rev += 1;
    message->updated_at = now;
    update(db, *message);
    return Edited{std::move(*message), true};
  });
}

Task<std::uint64_t> SqliteMessageStore::last_seq(ChannelId channel) {
  return engine_.read([channel = std::move(channel)](SqliteConnection& db) -> std::uint64_t {
    SqliteQuery query(db, "SELECT last_seq FROM channels WHERE id = ?1", channel);
    return query.next() ? query.counter(0) : 0;
  });
}

Task<std::uint64_t> SqliteMessageStore::count_holes() {
  return engine_.read([](SqliteConnection& db) -> std::uint64_t {
    SqliteQuery query(db,
                      "SELECT coalesce(sum(c.last_seq - (SELECT count(*) FROM messages m WHERE m.channel_id = c.id AND "
                      "m.seq BETWEEN 1 AND c.last_seq)), 0) FROM channels c");
    return query.next() ? query.counter(0) : 0;
  });
}

}  // namespace atrium::storage
